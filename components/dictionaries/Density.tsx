import type { FeatureSummary } from '../../lib/features/schema'
import { Bars } from '../charts/Bars'
import { Figure } from '../ui/definitions'
import { count, number } from '../ui/format'
import { Panel } from '../ui/States'

const percentOf = (log: number) => `${number(10 ** log * 100, 2)} %`

/** How often features fire, over all of them. */
export function Density({ summary }: { summary: FeatureSummary }) {
  return (
    <Panel title={<Figure of="density">Density of features</Figure>}>
      <DensityBars {...summary.density} />
      <p className="text-ink-soft">
        {count(summary.live)} live, {count(summary.dead)} dead, counted over {count(summary.tokens)} tokens
      </p>
    </Panel>
  )
}

/** A histogram of densities; empty bins at its ends are cut off. */
export function DensityBars({ counts, edges }: FeatureSummary['density']) {
  const first = Math.max(0, counts.findIndex((value) => value > 0) - 1)
  const last = Math.min(counts.length, counts.findLastIndex((value) => value > 0) + 2)
  return (
    <Bars
      counts={counts.slice(first, last)}
      edges={edges.slice(first, last + 1)}
      linear
      label="Histogram of features by the share of tokens on which they fire, from rare to frequent"
      xLabel="share of tokens, logarithmic"
      format={percentOf}
      height={150}
    />
  )
}
