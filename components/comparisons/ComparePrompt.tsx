'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { useState } from 'react'
import { FeatureChip } from '../prompts/FeatureChip'
import { byToken } from '../prompts/rank'
import { useEncoded } from '../prompts/useEncoded'
import type { Pin } from '../prompts/usePromptState'
import { visible } from '../tokens/visible'
import { TextArea } from '../ui/Field'
import { number } from '../ui/format'
import { Failure, Panel, type Problem } from '../ui/States'
import { useSettled } from '../useSettled'

const SETTLE_MS = 500
const CHIPS = 5
const ROWS = 60
const EXAMPLE = 'The treaty was signed in the city of Washington in 1862.'

/** One text under both dictionaries, a row for each token. */
export function ComparePrompt({ a, b }: { a: string; b: string }) {
  const [text, setText] = useQueryState('text', parseAsString.withDefault(EXAMPLE).withOptions({ throttleMs: 500 }))
  const settled = useSettled(text, SETTLE_MS)
  const encoded = useEncoded(settled, [a, b], null)
  const { data, isValidating } = encoded
  const problem = encoded.error as Problem | undefined
  return (
    <Panel title="The same text through both">
      <TextArea
        aria-label="Text"
        rows={2}
        maxLength={2000}
        value={text}
        onChange={({ target }) => void setText(target.value)}
      />
      <p role="status" className="text-ink-soft text-small min-h-4">
        {isValidating ? 'encoding…' : ''}
      </p>
      {problem && <Failure problem={problem} />}
      {data && <Rows encoded={data} a={a} b={b} />}
    </Panel>
  )
}

type Encoded = NonNullable<ReturnType<typeof useEncoded>['data']>

function Rows({ encoded: { tokens, dictionaries }, a, b }: { encoded: Encoded; a: string; b: string }) {
  const [pin, setPin] = useState<Pin | null>(null)
  const sides = [a, b].flatMap((id) => dictionaries.find((dictionary) => dictionary.id === id) ?? [])
  const firings = sides.map((side) => byToken([side], 'share'))
  return (
    <>
      <div className="text-ink-soft text-small grid grid-cols-[6rem_1fr_1fr] gap-x-3 border-b py-1 max-sm:grid-cols-2">
        <span className="max-sm:hidden">token</span>
        {sides.map(({ id, l0 }, at) => (
          <span key={id}>
            {at === 0 ? 'A' : 'B'}: {number(l0)} features a token
          </span>
        ))}
      </div>
      <ol aria-label="Tokens with the strongest features of both dictionaries">
        {tokens.slice(0, ROWS).map(({ text }, at) => (
          <li
            key={at}
            className="grid grid-cols-[6rem_1fr_1fr] gap-x-3 gap-y-1 border-b py-1 last:border-b-0 max-sm:grid-cols-2"
          >
            <span className="font-reading text-reading min-w-0 break-all max-sm:col-span-2">{visible(text)}</span>
            {firings.map((rows, side) => (
              <span key={sides[side]!.id} className="flex min-w-0 flex-wrap content-start gap-1">
                {(rows[at] ?? []).slice(0, CHIPS).map((firing) => (
                  <FeatureChip
                    key={firing.feature}
                    firing={firing}
                    pinned={pin?.feature === firing.feature && pin.dictionary === firing.dictionary}
                    onPin={setPin}
                  />
                ))}
              </span>
            ))}
          </li>
        ))}
      </ol>
      {tokens.length > ROWS && (
        <p className="text-ink-soft text-small mt-1">The first {ROWS} tokens; the page “Prompt” shows longer texts.</p>
      )}
    </>
  )
}
