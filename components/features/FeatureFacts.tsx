import type { FeaturePage } from '../../lib/features/schema'
import { count, number, percent } from '../ui/format'
import { Figure } from '../ui/definitions'
import { Fact, Facts } from '../ui/States'

/** The figures of a feature in one row. */
export function FeatureFacts({ page }: { page: FeaturePage }) {
  return (
    <Facts>
      <Fact name={<Figure of="density" />}>{percent(page.density)}</Fact>
      <Fact name={<Figure of="maxActivation" />}>{number(page.maxActivation)}</Fact>
      <Fact name={<Figure of="meanActivation" />}>{number(page.meanActivation)}</Fact>
      <Fact name="Fires">
        {count(page.fireCount)} <span className="text-ink-soft font-normal">of {count(page.tokens)} tokens</span>
      </Fact>
      <Fact name="Counted over">
        <span className="text-small font-mono font-normal">{page.harvest.name}</span>
      </Fact>
    </Facts>
  )
}
