import type { ComparedSide } from '../../lib/comparisons/schema'
import { FeatureName } from '../features/FeatureName'
import { count, fixed, percent } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import { Panel } from '../ui/States'

/** Features without a counterpart, least similar first. */
export function UnmatchedList({
  side,
  other,
  name,
  threshold,
}: {
  side: ComparedSide
  other: ComparedSide
  name: string
  threshold: number
}) {
  const unmatched = side.features - side.matched
  const figures = new Map(side.figures.map((each) => [each.feature, each]))
  return (
    <Panel title={`Only in ${name}`}>
      <p className="text-ink-soft text-small mb-2">
        {unmatched === 0
          ? `Every feature of ${name} has a match of cosine ${fixed(threshold, 2)} or above.`
          : `${count(unmatched)} features have no match of cosine ${fixed(threshold, 2)} or above${
              unmatched > side.unmatched.length ? `; the list shows the ${side.unmatched.length} least similar` : ''
            }. Dead features point in any direction: their density is 0.`}
      </p>
      {side.unmatched.length > 0 && (
        <ul className="max-h-72 overflow-y-auto" tabIndex={0} role="list" aria-label={`Features that only ${name} has`}>
          {side.unmatched.map(({ feature, nearest, cosine }) => (
            <li key={feature} className="flex items-baseline gap-2 border-b py-0.5 last:border-b-0">
              <HoverLink
                href={`/dictionaries/${side.id}/features/${feature}`}
                className="text-accent w-14 shrink-0 font-mono text-small hover:underline"
              >
                #{feature}
              </HoverLink>
              <span className="min-w-0 flex-1 truncate">
                {figures.has(feature) && <FeatureName figures={figures.get(feature)} />}
              </span>
              {figures.has(feature) && (
                <span className="text-ink-soft font-mono text-small">{percent(figures.get(feature)!.density)}</span>
              )}
              <HoverLink
                href={`/dictionaries/${other.id}/features/${nearest}`}
                className="shrink-0 font-mono text-small hover:underline"
              >
                {fixed(cosine, 3)} to #{nearest}
              </HoverLink>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
