import type { FeatureFigures } from '../../lib/features/schema'
import { visible } from '../tokens/visible'

/** The label of a feature; without a label, the tokens it fires on most strongly. */
export function FeatureName({
  figures,
  tokens = 3,
}: {
  figures: Pick<FeatureFigures, 'label' | 'tokens'> | undefined
  /** Limit of the tokens. */
  tokens?: number
}) {
  if (!figures) return null
  if (figures.label) return <>{figures.label}</>
  return (
    <span className="text-ink-soft font-reading" title="tokens it fires on most strongly">
      {figures.tokens.slice(0, tokens).map(visible).join('  ')}
    </span>
  )
}
