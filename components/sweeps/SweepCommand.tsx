import { sweepCommand } from '../../lib/sweeps/command'
import type { SweepSpec } from '../../lib/sweeps/schema'
import { CodeBlock } from '../ui/CodeBlock'
import { Panel } from '../ui/States'
import { specText } from './specText'

/** The specification and the command that start a sweep without this page. */
export function SweepCommand({
  spec,
  ...request
}: {
  spec: Partial<SweepSpec>
  harvest: string
  /** Name of the sweep. Default: the harvest's, numbered. */
  name?: string | undefined
  engine: string
}) {
  return (
    <Panel title="The same from the command line">
      <div className="flex flex-col gap-2">
        <CodeBlock label="specification, to store as sweep.json" text={specText(spec)} wrap />
        <CodeBlock label="command" wrap text={sweepCommand(request)} />
      </div>
    </Panel>
  )
}
