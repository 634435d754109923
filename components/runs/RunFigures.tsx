import { METRICS, type MetricName } from '../../trainer/evaluate/metrics'
import { Definition } from '../ui/Definition'
import { count, number, percent } from '../ui/format'
import type { RunDetail } from './types'

const SHARES = new Set<MetricName>(['explainedVariance', 'nmse', 'deadShare'])

/** The newest held-out figures, each with its formula. */
export function RunFigures({ metrics, isLive }: { metrics: RunDetail['metrics']; isLive: boolean }) {
  const figures = Object.entries(metrics?.heldOut ?? {}) as [MetricName, number | null | undefined][]
  const known = figures.filter(([, value]) => value !== undefined)
  if (known.length === 0)
    return (
      <p className="text-ink-soft">
        {isLive ? 'Measured ten times along the run; not yet.' : 'It ended before the first were measured.'}
      </p>
    )
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-5 gap-y-0.5">
      {known.map(([name, value]) => (
        <Row key={name} name={name} value={value ?? null} />
      ))}
    </dl>
  )
}

function Row({ name, value }: { name: MetricName; value: number | null }) {
  const { label, formula, unit } = METRICS[name]
  const shown = name === 'tokens' ? count(value) : SHARES.has(name) ? percent(value) : number(value, 4)
  return (
    <>
      <dt className="text-ink-soft">
        <Definition term={label.replace(/^./, (letter) => letter.toUpperCase())}>{formula}</Definition>
      </dt>
      <dd className="font-mono text-small">
        {shown}
        {unit !== '' && unit !== 'share' && unit !== 'ratio' && <span className="text-ink-soft"> {unit}</span>}
      </dd>
    </>
  )
}
