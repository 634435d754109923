'use client'

import { useState } from 'react'
import type { GrowingBranch } from '../../lib/steering/answer'
import { TokenLegend } from '../tokens/TokenText'
import { cx } from '../ui/cx'
import { Select } from '../ui/Field'
import { AnswerColumn } from './AnswerColumn'
import { COLOURINGS, type ColouringName } from './colouring'

/** The answers side by side: two share the width, more scroll sideways; on narrow screens two are stacked. */
export function Answers({ answers, busy }: { answers: readonly GrowingBranch[]; busy: boolean }) {
  const [colouring, setColouring] = useState<ColouringName>('kl')
  const { max, signed } = COLOURINGS[colouring]
  const scrolls = answers.length > 2
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <label className="flex items-center gap-1.5">
          <span className="text-ink-soft">Colour</span>
          <Select value={colouring} onChange={({ target }) => setColouring(target.value as ColouringName)}>
            {Object.entries(COLOURINGS).map(([key, { name }]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </Select>
        </label>
        <TokenLegend max={max} signed={signed} unit="nats" />
        <span className="text-ink-soft text-small">Point at a token, or use the arrow keys, to see its figures.</span>
      </div>
      <div
        aria-busy={busy}
        className={cx(
          'grid gap-3',
          scrolls ? 'auto-cols-[minmax(224px,1fr)] grid-flow-col overflow-x-auto pb-2' : 'md:grid-cols-2',
        )}
        {...(scrolls && { tabIndex: 0, role: 'group', 'aria-label': 'Answers, by strength' })}
      >
        {answers.map((answer) => (
          <AnswerColumn key={answer.branch} answer={answer} colouring={colouring} />
        ))}
      </div>
    </div>
  )
}
