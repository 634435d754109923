'use client'

import { memo, useMemo } from 'react'
import type { GrowingBranch } from '../../lib/steering/answer'
import { Sparkline } from '../charts/Sparkline'
import { TokenText } from '../tokens/TokenText'
import { Figure } from '../ui/definitions'
import { fixed } from '../ui/format'
import { COLOURINGS, type ColouringName } from './colouring'
import { TokenReadout } from './TokenReadout'

const FINISHES = { length: 'token limit reached', stop: 'stop text reached', end: 'ended by the model' }

/** One answer, token by token. */
export const AnswerColumn = memo(function AnswerColumn({
  answer,
  colouring,
}: {
  answer: GrowingBranch
  colouring: ColouringName
}) {
  const { branch, tokens, finish } = answer
  const { valueOf, max } = COLOURINGS[colouring]
  const shown = useMemo(
    () => tokens.map((token) => ({ text: token.token, value: valueOf(token), token })),
    [tokens, valueOf],
  )
  const kls = tokens.flatMap(({ kl }) => (kl === undefined ? [] : [kl]))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return (
    <article aria-label={branch} className="flex min-w-0 flex-col rounded border">
      <header className="flex flex-wrap items-baseline gap-x-3 border-b px-3 py-1.5">
        <h3 className="font-medium">{branch}</h3>
        {tokens.length > 0 && (
          <p className="text-ink-soft text-small ml-auto font-mono">
            {tokens.length} tokens
            {kls.length > 0 && (
              <>
                {' · '}mean <Figure of="kl" /> {fixed(mean(kls), 2)}
              </>
            )}
          </p>
        )}
      </header>
      <div className="min-h-36 flex-1 px-3 py-2">
        <TokenText
          tokens={shown}
          max={max}
          breakLines
          label={`Text of ${branch}`}
          readout={({ token }, index) => <TokenReadout token={token} index={index} />}
        />
      </div>
      <footer className="text-ink-soft text-small flex min-h-9 flex-wrap items-end gap-x-3 px-3 pb-2">
        {kls.length > 0 && (
          <div className="min-w-0 flex-1">
            <Sparkline
              values={kls}
              max={Math.max(COLOURINGS.kl.max, ...kls)}
              label={`KL per token of ${branch}`}
              fluid
            />
          </div>
        )}
        {finish && <span className="ml-auto whitespace-nowrap">{FINISHES[finish]}</span>}
      </footer>
    </article>
  )
})
