import { memoryPlan } from '../../trainer/sae/memoryPlan'
import { bytes } from '../ui/format'
import { Panel } from '../ui/States'
import type { FormField } from './formFields'

/** What the run will take of the worker's memory, before it starts. */
export function MemoryEstimate({
  dIn,
  settings,
  fields,
}: {
  dIn: number | undefined
  settings: Readonly<Record<string, unknown>>
  fields: readonly FormField[]
}) {
  const value = (name: string) => settings[name] ?? fields.find((field) => field.name === name)?.shape.default
  const [width, batch, architecture] = [value('d_sae'), value('batchSize'), settings['architecture']]
  const isKnown = isSize(dIn) && isSize(width) && isSize(batch)
  const ofMethod = typeof architecture === 'string' && { architecture }
  const plan = isKnown ? memoryPlan({ d_in: dIn, d_sae: width, batchSize: batch, ...ofMethod }) : undefined
  return (
    <Panel title="Memory the worker will need">
      {plan ? (
        <dl className="grid grid-cols-[1fr_max-content] gap-x-4">
          {Object.entries(plan.parts).map(([name, size]) => (
            <Row key={name} name={name} size={size} />
          ))}
          <dt className="mt-1 border-t pt-1 font-medium">at most</dt>
          <dd className="mt-1 border-t pt-1 text-right font-mono text-small font-medium">{bytes(plan.total)}</dd>
        </dl>
      ) : (
        <p className="text-ink-soft">Reckoned from the harvest, d_sae and batchSize once they are given.</p>
      )}
    </Panel>
  )
}

function Row({ name, size }: { name: string; size: number }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="text-right font-mono text-small">{bytes(size)}</dd>
    </>
  )
}

const isSize = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0
