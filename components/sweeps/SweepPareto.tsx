import { Scatter, type ScatterSeries } from '../charts/Scatter'
import { Figure } from '../ui/definitions'
import { count, even } from '../ui/format'
import { Empty, Panel } from '../ui/States'
import type { SweepRun } from './types'

type Figures = NonNullable<SweepRun['figures']>

/** Sparsity against faithfulness: one chart of reconstruction, one of the model's cross-entropy. */
export function SweepPareto({ members }: { members: readonly SweepRun[] }) {
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      <Pareto
        members={members}
        of="explainedVariance"
        name="explained variance"
        empty="Points appear with the first held-out figures, a tenth of the way along each run."
      />
      <Pareto
        members={members}
        of="crossEntropyRecovered"
        name="cross-entropy recovered"
        empty="An evaluation measures it: “Evaluate all”, once runs are finished."
      />
    </div>
  )
}

interface ParetoProps {
  members: readonly SweepRun[]
  of: 'explainedVariance' | 'crossEntropyRecovered'
  name: string
  empty: string
}

function Pareto(props: ParetoProps) {
  return (
    <Panel
      title={
        <>
          <Figure of="l0" /> against <Figure of={props.of} />
        </>
      }
    >
      <ParetoChart {...props} />
    </Panel>
  )
}

function ParetoChart({ members, of, name, empty }: ParetoProps) {
  const measured = members.flatMap((run) => {
    const [x, y] = [run.figures?.l0 ?? 0, run.figures?.[of] ?? null]
    return x > 0 && y !== null ? [{ run, x, y }] : []
  })
  if (measured.length === 0) return <Empty title="Nothing measured yet">{empty}</Empty>
  const architectures = [...new Set(members.map(({ architecture }) => architecture))]
  const series = architectures.map((architecture): ScatterSeries => ({
    name: architecture,
    points: measured
      .filter(({ run }) => run.architecture === architecture)
      .map(({ run: { id, label }, x, y }) => ({ id, name: label, x, y, href: `/runs/${id}` })),
  }))
  return (
    <>
      <Scatter series={series} label={`L0 against ${name}, by architecture`} xLabel="L0, log" formatY={share} />
      <p className="text-ink-soft text-small mt-1">{originOf(measured.map(({ run }) => run.figures!))}</p>
    </>
  )
}

const share = (value: number) => even(value)

/** On what the points were measured; differences are said, since points of different origin are no fair comparison. */
function originOf(figures: readonly Figures[]): string {
  const origins = new Map<string, number>()
  for (const { source, tokens, heldOut, engine } of figures) {
    const what = { evaluation: 'evaluations', run: 'ends of runs', training: 'runs in progress' }[source]
    const origin = `${what}, ${count(tokens)} ${heldOut ? 'held-out' : 'training'} tokens, ${engine}`
    origins.set(origin, (origins.get(origin) ?? 0) + 1)
  }
  const list = [...origins].map(([origin, points]) =>
    origins.size > 1 ? `${points} from ${origin}` : `From ${origin}`,
  )
  return `${list.join('; ')}.`
}
