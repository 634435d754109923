import type { DictionarySummary } from '../../lib/catalog/schema'
import { Figure } from '../ui/definitions'
import { even, percent } from '../ui/format'
import { Panel } from '../ui/States'
import { MeasuredOn } from './MeasuredOn'
import { StartMeasurement, type HarvestOption } from './StartMeasurement'

/** How good a dictionary is, and where the figures come from. */
export function Quality({
  dictionary,
  running,
  harvests,
}: {
  dictionary: DictionarySummary
  running: string | undefined
  harvests: readonly HarvestOption[] | undefined
}) {
  const { figures, model, id } = dictionary
  const rows = [
    ['l0', even(figures?.l0)],
    ['explainedVariance', even(figures?.explainedVariance)],
    ['crossEntropyRecovered', even(figures?.crossEntropyRecovered)],
    ['deadShare', percent(figures?.deadShare)],
  ] as const
  return (
    <Panel title="Quality">
      <dl className="grid grid-cols-[1fr_auto] gap-y-1">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">
              <Figure of={name} />
            </dt>
            <dd className="text-right font-mono">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="text-ink-soft text-small mt-2">
        {figures ? <MeasuredOn figures={figures} /> : 'Not measured yet.'}
      </p>
      {model && (
        <div className="mt-2">
          <StartMeasurement dictionary={id} kind="evaluate" running={running} harvests={harvests}>
            {figures?.source === 'evaluation' ? 'Evaluate again' : 'Evaluate'}
          </StartMeasurement>
        </div>
      )}
    </Panel>
  )
}
