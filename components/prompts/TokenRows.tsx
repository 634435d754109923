'use client'

import { useState } from 'react'
import { visible } from '../tokens/visible'
import { cx } from '../ui/cx'
import { Button } from '../ui/Button'
import { FeatureChip } from './FeatureChip'
import type { Firing } from './rank'
import type { Pin } from './usePromptState'

const CHIPS = 8
const ROWS = 200

/** One row for each token, with its strongest features as chips. */
export function TokenRows({
  tokens,
  counted,
  firings,
  pin,
  onPin,
}: {
  tokens: readonly { id: number; text: string }[]
  /** False for positions that statistics leave out. */
  counted: readonly boolean[]
  firings: readonly (readonly Firing[])[]
  pin: Pin | null
  onPin: (pin: Pin | null) => void
}) {
  const [rows, setRows] = useState(ROWS)
  const [open, setOpen] = useState<number>()
  return (
    <>
      <ol aria-label="Tokens with their strongest features" className="rounded border">
        {tokens.slice(0, rows).map((token, at) => {
          const all = firings[at] ?? []
          const shown = open === at ? all : all.slice(0, CHIPS)
          return (
            <li
              key={at}
              className={cx(
                'flex gap-3 border-b px-3 py-1.5 last:border-b-0 max-sm:flex-col max-sm:gap-1',
                !counted[at] && 'bg-surface',
              )}
            >
              <span className="flex w-36 shrink-0 items-baseline gap-2 max-sm:w-auto">
                <span className="text-ink-soft text-small w-7 text-right font-mono">{at}</span>
                <span className="font-reading text-reading min-w-0 break-all">{visible(token.text)}</span>
              </span>
              <span className="flex min-w-0 flex-1 flex-wrap items-center gap-1">
                {!counted[at] && <Excluded first={at === 0} />}
                {shown.map((firing) => (
                  <FeatureChip
                    key={`${firing.dictionary}:${firing.feature}`}
                    firing={firing}
                    pinned={pin?.feature === firing.feature && pin.dictionary === firing.dictionary}
                    onPin={onPin}
                  />
                ))}
                {all.length > CHIPS && (
                  <button
                    type="button"
                    aria-expanded={open === at}
                    className="text-ink-soft text-small hover:text-ink px-1"
                    onClick={() => setOpen(open === at ? undefined : at)}
                  >
                    {open === at ? 'fewer' : `+ ${all.length - CHIPS}`}
                  </button>
                )}
              </span>
            </li>
          )
        })}
      </ol>
      {tokens.length > rows && (
        <Button className="mt-2" onClick={() => setRows(rows + ROWS)}>
          Show {Math.min(ROWS, tokens.length - rows)} of {tokens.length - rows} more tokens
        </Button>
      )}
    </>
  )
}

function Excluded({ first }: { first: boolean }) {
  return (
    <span className="text-ink-soft text-small mr-1" title="Statistics of features leave this position out">
      {first ? 'first position, not counted' : 'attention sink, not counted: its norm is above ten times the median'}
    </span>
  )
}
