import { memoryPlan, type MemoryPlan } from '../../trainer/sae/training/memoryPlan'
import { bytes } from '../ui/format'
import { Panel } from '../ui/States'
import type { ArchitectureOption, FormField } from './formFields'
import type { HarvestOption } from './HarvestChoice'

type Widths = Pick<HarvestOption, 'dIn' | 'dOut'>

/** What the run will take of the worker's memory, before it starts. */
export function MemoryEstimate({
  harvest,
  architecture,
  settings,
  fields,
}: {
  harvest: Widths | undefined
  architecture: Pick<ArchitectureOption, 'name' | 'needs'>
  settings: Readonly<Record<string, unknown>>
  fields: readonly FormField[]
}) {
  const value = (name: string) => settings[name] ?? fields.find((field) => field.name === name)?.shape.default
  const sizes = { d_sae: value('d_sae'), batchSize: value('batchSize'), k: value('k') }
  const plan = harvest && plannedMemory(harvest, architecture, sizes)
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

/** Undefined while the sizes are not sizes yet. */
export function plannedMemory(
  { dIn, dOut }: Widths,
  { name, needs }: Pick<ArchitectureOption, 'name' | 'needs'>,
  { d_sae, batchSize, k }: { d_sae: unknown; batchSize: unknown; k?: unknown },
): MemoryPlan | undefined {
  if (!isSize(d_sae) || !isSize(batchSize)) return undefined
  const target = needs.includes('target') && dOut !== null && { d_out: dOut }
  return memoryPlan({ architecture: name, d_in: dIn, d_sae, batchSize, k: isSize(k) ? k : undefined, ...target })
}

const isSize = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0
