import type { SweepRun } from '../../lib/sweeps/schema'
import { Scatter, type ScatterSeries } from '../charts/Scatter'
import { Figure } from '../ui/definitions'
import { count, even } from '../ui/format'
import { Empty, Panel } from '../ui/States'
import { comparedRuns, originsOf, transcodersAmong } from './measured'

/** Sparsity against faithfulness: one chart of reconstruction, one of the model's cross-entropy. */
export function SweepPareto({ members }: { members: readonly SweepRun[] }) {
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      <Pareto
        members={members}
        of="explainedVariance"
        name="explained variance"
        empty="Points appear with the first held-out figures, after a tenth of each run."
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
          <Figure of={props.of} /> against <Figure of="l0" />
        </>
      }
    >
      <ParetoChart {...props} />
    </Panel>
  )
}

function ParetoChart({ members, of, name, empty }: ParetoProps) {
  const measured = comparedRuns(members).flatMap(({ run, figures }) => {
    const [x, y] = [figures.l0 ?? 0, figures[of]]
    return x > 0 && y !== null ? [{ run, figures, x, y }] : []
  })
  if (measured.length === 0) return <Empty title="Nothing measured yet">{empty}</Empty>
  const architectures = [...new Set(members.map(({ architecture }) => architecture))]
  const series = architectures.map((architecture): ScatterSeries => ({
    name: architecture,
    points: measured
      .filter(({ run }) => run.architecture === architecture)
      .map(({ run: { id, label }, x, y }) => ({ id, name: label, x, y, href: `/runs/${id}` })),
  }))
  const mixed = transcodersAmong(measured.map(({ run }) => run))
  const failed = members.filter(({ status }) => status === 'failed').length
  const label = `${name} against L0, by architecture`.replace(/^./, (letter) => letter.toUpperCase())
  return (
    <>
      <Scatter series={series} label={label} xLabel="L0, log" yLabel={name} formatY={share} />
      <p className="text-ink-soft text-small mt-1">
        {originsOf(measured, { of, name })}
        {failed > 0 && ` ${failed === 1 ? 'A run that failed is' : `${count(failed)} runs that failed are`} left out.`}
      </p>
      {mixed && <p className="text-contrary text-small mt-1">{mixed}</p>}
    </>
  )
}

const share = (value: number) => even(value)
