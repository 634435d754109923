import Link from 'next/link'
import { FIRST_HARVEST } from '../../lib/harvests/command'
import type { HarvestSummary } from '../../lib/harvests/schema'
import { count } from '../ui/format'
import { Field, Select } from '../ui/Field'
import { Empty, Fact, Facts } from '../ui/States'
import type { ArchitectureDescription } from '../../lib/runs/schema'
import { lackingOn } from '../../lib/runs/settings'

/** The harvest to train on, with the facts that the choice depends on. */
export function HarvestChoice({
  harvests,
  chosen,
  architectures,
  wanted,
  onChoose,
  error,
}: {
  harvests: readonly HarvestSummary[]
  chosen: HarvestSummary | undefined
  /** All architectures, and those that will be trained. */
  architectures: readonly ArchitectureDescription[]
  wanted: readonly ArchitectureDescription[]
  onChoose: (name: string) => void
  error: string | undefined
}) {
  if (harvests.length === 0) {
    return (
      <Empty title="No harvests yet" command={FIRST_HARVEST}>
        A run trains on the activations of a harvest. Make one from a terminal:
      </Empty>
    )
  }
  const lacking = chosen ? lackingOn(chosen, architectures) : []
  const [refused] = chosen ? lackingOn(chosen, wanted) : []
  return (
    <div className="flex flex-col gap-3">
      <Field
        label="harvest"
        hint={lacking.length > 0 && `This harvest cannot train all architectures: ${lacking.join('; ')}`}
        error={error ?? (refused && `${refused}, which this harvest lacks`)}
      >
        <Select
          id="field-harvest"
          value={chosen?.name ?? ''}
          onChange={({ target }) => onChoose(target.value)}
          className="font-mono text-small"
        >
          {!chosen && <option value="">choose one</option>}
          {harvests.map(({ id, name, status, targetHook, gradients }) => (
            <option key={id} value={name} disabled={status !== 'finished'}>
              {name}
              {targetHook !== null && ' → targets'}
              {gradients && ' + gradients'}
              {status !== 'finished' && ` (${status})`}
            </option>
          ))}
        </Select>
      </Field>
      {chosen && (
        <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
          <Facts>
            <Fact name="model">{chosen.model.name}</Fact>
            <Fact name="hook">
              <span className="font-mono text-small">{chosen.hook}</span>
            </Fact>
            {chosen.targetHook !== null && (
              <Fact name="target hook">
                <span className="font-mono text-small">{chosen.targetHook}</span>
              </Fact>
            )}
            <Fact name="gradients">{chosen.gradients ? 'stored' : 'none'}</Fact>
            <Fact name="corpus">{chosen.corpus.name}</Fact>
            <Fact name="tokens">{count(chosen.tokens)}</Fact>
            <Fact name="d_in">{count(chosen.dIn)}</Fact>
            {chosen.dOut !== null && <Fact name="d_out">{count(chosen.dOut)}</Fact>}
            <Fact name="stored as">{chosen.dtype}</Fact>
          </Facts>
          <Link href={`/harvests/${chosen.id}`} className="text-accent underline">
            Open
          </Link>
        </div>
      )}
    </div>
  )
}
