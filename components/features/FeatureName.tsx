import type { FeatureFigures } from '../../lib/features/figures'
import { visible } from '../tokens/visible'

/** What a feature is called, or, while nobody has said so, the tokens it fires on most strongly. */
export function FeatureName({
  figures,
  tokens = 3,
}: {
  figures: Pick<FeatureFigures, 'label' | 'tokens'> | undefined
  /** Most of them. */
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
