'use client'

import { useEffect, useState } from 'react'
import type { AttachedDictionary } from '../../lib/catalog/schema'
import { Button } from '../ui/Button'
import { TextArea } from '../ui/Field'
import { count } from '../ui/format'
import { Failure, type Problem } from '../ui/States'
import { useCtrlEnter } from '../ui/useCtrlEnter'
import { useSettled } from '../useSettled'
import { DictionaryPicker } from './DictionaryPicker'
import { EncodedText } from './EncodedText'
import { useEncoded } from './useEncoded'
import { usePromptState } from './usePromptState'

const SETTLE_MS = 500
/** The address does not hold longer texts. */
const ADDRESS_CHARACTERS = 2000
const MAX_CHARACTERS = 20_000
const EXAMPLE = 'The treaty was signed in the city of Washington in 1862, and the music played until midnight.'

/** The workbench of the page "Prompt": one text, encoded with the chosen dictionaries. */
export function PromptWorkbench({
  dictionaries,
  initialText,
}: {
  dictionaries: readonly AttachedDictionary[]
  initialText: string | null
}) {
  const state = usePromptState()
  const [text, setText] = useState(initialText ?? EXAMPLE)
  const settled = useSettled(text, SETTLE_MS)
  const [submitted, setSubmitted] = useState(text)
  const encodedText = submitted === text ? text : settled
  const chosen = chosenOf(dictionaries, state.dictionaries)
  const pin = chosen.some(({ id }) => id === state.pin?.dictionary) ? state.pin : null
  const encoded = useEncoded(
    encodedText,
    chosen.map(({ id }) => id),
    pin,
  )
  useTextInAddress(settled, initialText)
  useCtrlEnter(() => setSubmitted(text))
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-2">
        <TextArea
          aria-label="Text"
          rows={3}
          maxLength={MAX_CHARACTERS}
          value={text}
          onChange={({ target }) => setText(target.value)}
          placeholder="Any text: the page shows the strongest features of every token"
        />
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" onClick={() => setSubmitted(text)} aria-keyshortcuts="Control+Enter">
            Run
          </Button>
          <DictionaryPicker
            dictionaries={dictionaries}
            chosen={chosen}
            onChoose={(ids) => void state.set({ dictionaries: ids })}
          />
          <p role="status" className="text-ink-soft text-small">
            {encoded.isValidating ? 'encoding…' : encoded.data ? `${count(encoded.data.tokens.length)} tokens` : ''}
            {text.length > ADDRESS_CHARACTERS && ' · too long for the address'}
          </p>
        </div>
      </div>
      {encoded.error !== undefined && <Failure problem={encoded.error as Problem} />}
      {text === '' ? (
        <p className="text-ink-soft">Type or paste a text above. It is encoded while you type.</p>
      ) : (
        encoded.data && <EncodedText encoded={encoded.data} pin={pin} state={state} />
      )}
    </div>
  )
}

/** The dictionaries that the address names, all of one model; the first dictionary when it names none. */
function chosenOf(
  dictionaries: readonly AttachedDictionary[],
  namesOrIds: readonly string[],
): readonly AttachedDictionary[] {
  const named = dictionaries.filter(({ id, name }) => namesOrIds.includes(id) || namesOrIds.includes(name))
  const chosen = named.filter(({ model }) => model === named[0]!.model)
  return chosen.length > 0 ? chosen : dictionaries.slice(0, 1)
}

function useTextInAddress(text: string, initialText: string | null): void {
  useEffect(() => {
    if (text === (initialText ?? EXAMPLE)) return
    const query = new URLSearchParams(window.location.search)
    if (text.length <= ADDRESS_CHARACTERS) query.set('text', text)
    else query.delete('text')
    window.history.replaceState(null, '', `${window.location.pathname}?${query.toString()}`)
  }, [text, initialText])
}
