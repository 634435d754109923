import { memoryPlan, type MemoryPlan } from '../../trainer/sae/training/memoryPlan'
import { bytes } from '../ui/format'
import { Panel } from '../ui/States'
import type { HarvestSummary } from '../../lib/harvests/schema'
import type { ArchitectureDescription } from '../../lib/runs/schema'
import type { FormField } from '../forms/formFields'

type Widths = Pick<HarvestSummary, 'dIn' | 'dOut'>

/** The memory that a worker will need for the run. */
export function MemoryEstimate({
  harvest,
  architecture,
  settings,
  fields,
}: {
  harvest: Widths | undefined
  architecture: Pick<ArchitectureDescription, 'needs' | 'memory'>
  settings: Readonly<Record<string, unknown>>
  fields: readonly FormField[]
}) {
  const value = (name: string) => settings[name] ?? fields.find((field) => field.name === name)?.shape.default
  const sizes = { d_sae: value('d_sae'), batchSize: value('batchSize'), k: value('k') }
  const plan = harvest && plannedMemory(harvest, architecture, sizes)
  return (
    <Panel title="Memory the worker needs">
      {plan ? (
        <dl className="grid grid-cols-[1fr_max-content] gap-x-4">
          {Object.entries(plan.parts).map(([name, size]) => (
            <Row key={name} name={name} size={size} />
          ))}
          <dt className="mt-1 border-t pt-1 font-medium">total, at most</dt>
          <dd className="mt-1 border-t pt-1 text-right font-mono text-small font-medium">{bytes(plan.total)}</dd>
        </dl>
      ) : (
        <p className="text-ink-soft">The estimate needs a harvest, d_sae and batchSize.</p>
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

/** Undefined until the sizes are positive whole numbers. */
export function plannedMemory(
  { dIn, dOut }: Widths,
  architecture: Pick<ArchitectureDescription, 'needs' | 'memory'>,
  { d_sae, batchSize, k }: { d_sae: unknown; batchSize: unknown; k?: unknown },
): MemoryPlan | undefined {
  if (!isSize(d_sae) || !isSize(batchSize)) return undefined
  const target = architecture.needs.includes('target') && dOut !== null && { d_out: dOut }
  return memoryPlan({ d_in: dIn, d_sae, batchSize, k: isSize(k) ? k : undefined, ...target }, architecture)
}

const isSize = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0
