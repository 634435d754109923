import { sweepCommand } from '../../lib/runs/commandLine'
import { CodeBlock } from '../ui/CodeBlock'
import { Panel } from '../ui/States'
import { specText } from './specText'

/** The specification and the command that make a sweep without this page. */
export function SweepCommand({
  spec,
  ...request
}: {
  spec: Parameters<typeof specText>[0]
  harvest: string
  /** Of the sweep; made from the harvest's when it is left out. */
  name?: string | undefined
  engine: string
}) {
  return (
    <Panel title="The same from the command line">
      <div className="flex flex-col gap-2">
        <CodeBlock label="specification, to be kept as sweep.json" text={specText(spec)} wrap />
        <CodeBlock label="command" wrap text={sweepCommand(request)} />
      </div>
    </Panel>
  )
}
