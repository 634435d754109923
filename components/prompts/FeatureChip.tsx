'use client'

import { FeatureName } from '../features/FeatureName'
import { visible } from '../tokens/visible'
import { HoverLink } from '../ui/HoverLink'
import { cx } from '../ui/cx'
import { number } from '../ui/format'
import { shareOf, type Firing } from './rank'
import type { Pin } from './usePromptState'

/**
 * A feature at a token: its number, its label, and a bar with its value in units of the feature's maximum. A click pins
 * it. A click with Ctrl, or on its number, opens the feature's page.
 */
export function FeatureChip({
  firing,
  pinned,
  onPin,
}: {
  firing: Firing
  pinned: boolean
  onPin: (pin: Pin | null) => void
}) {
  const { dictionary, feature, value, figures } = firing
  const href = `/dictionaries/${dictionary}/features/${feature}`
  const share = shareOf(firing)
  const about = figures
    ? `${number(value)}, ${number(share * 100, 2)} % of the maximum ${number(figures.maxActivation)}`
    : number(value)
  return (
    <span
      className={cx(
        'relative inline-flex max-w-56 min-w-0 items-center overflow-hidden rounded border',
        pinned && 'border-accent',
      )}
    >
      <span
        aria-hidden
        className="bg-accent-soft absolute inset-y-0 left-0"
        style={{ width: `${Math.min(1, share) * 100}%` }}
      />
      <HoverLink href={href} className="text-accent relative px-1.5 font-mono text-small hover:underline">
        #{feature}
      </HoverLink>
      <button
        type="button"
        aria-pressed={pinned}
        aria-label={`Colour the text by feature ${feature}, ${number(value, 2)} here`}
        title={`${figures?.label ?? `fires on ${figures?.tokens.map(visible).join(' ') ?? 'unknown tokens'}`} · ${about} · click to colour the text`}
        className="relative flex min-w-0 items-baseline gap-1.5 pr-1.5"
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey) window.open(href, '_blank')
          else onPin(pinned ? null : { dictionary, feature })
        }}
      >
        <span className="min-w-0 truncate">
          <FeatureName figures={figures} tokens={1} />
        </span>
        <span className="text-small font-mono">{number(value, 2)}</span>
      </button>
    </span>
  )
}
