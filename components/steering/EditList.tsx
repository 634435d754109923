/** The edits of an intervention as a list to read. */
import type { Edit, Positions } from '../../trainer/steering/intervention'
import { HoverLink } from '../ui/HoverLink'
import { number } from '../ui/format'
import { isFeatureEdit } from '../../lib/steering/setup'

export function EditList({ edits }: { edits: readonly Edit[] }) {
  if (edits.length === 0) return <p className="text-ink-soft">No edits: all answers are the model’s own.</p>
  return (
    <ul className="flex flex-col gap-1">
      {edits.map((edit, at) => (
        <li key={at} className="flex flex-wrap gap-x-3">
          {isFeatureEdit(edit) ? (
            <span className="min-w-0 break-words">
              <HoverLink
                href={`/dictionaries/${encodeURIComponent(edit.dictionary)}/features/${edit.feature}`}
                className="text-accent font-mono hover:underline"
              >
                #{edit.feature}
              </HoverLink>{' '}
              <span className="text-ink-soft">of {edit.dictionary}</span>
            </span>
          ) : (
            <span className="font-mono text-small">vector at {edit.hook}</span>
          )}
          <span>
            {edit.mode} {edit.mode !== 'ablate' && <span className="font-mono">{number(edit.strength, 6)}</span>}
          </span>
          <span className="text-ink-soft">{positionsText(edit.positions)}</span>
        </li>
      ))}
    </ul>
  )
}

function positionsText(positions: Positions): string {
  if (typeof positions !== 'string') return `positions ${positions[0]} to ${positions[1] - 1}`
  return positions === 'all' ? 'at all positions' : positions === 'prompt' ? 'in the prompt' : 'in the generated text'
}
