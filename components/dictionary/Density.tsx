import type { FeatureSummary } from '../../lib/featureSummary'
import { Bars } from '../charts/Bars'
import { Figure } from '../ui/definitions'
import { count, number } from '../ui/format'
import { Panel } from '../ui/States'

const percentOf = (log: number) => `${number(10 ** log * 100, 2)} %`

/** How often features fire, over all of them. */
export function Density({ summary }: { summary: FeatureSummary }) {
  const { counts, edges } = summary.density
  const first = Math.max(0, counts.findIndex((value) => value > 0) - 1)
  const last = Math.min(counts.length, counts.findLastIndex((value) => value > 0) + 2)
  return (
    <Panel title={<Figure of="density">Density of features</Figure>}>
      <Bars
        counts={counts.slice(first, last)}
        edges={edges.slice(first, last + 1)}
        linear
        label="Histogram of features by the share of tokens on which they fire, from rare to frequent"
        xLabel="share of tokens, logarithmic"
        format={percentOf}
        height={150}
      />
      <p className="text-ink-soft">
        {count(summary.live)} live, {count(summary.dead)} dead, counted over {count(summary.tokens)} tokens
      </p>
    </Panel>
  )
}
