'use client'

import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

export interface Pin {
  dictionary: string
  feature: number
}

/** The settings of the page, kept in the address. */
export function usePromptState() {
  const [state, set] = useQueryStates(
    {
      dictionaries: parseAsArrayOf(parseAsString).withDefault([]),
      pin: parseAsString,
      group: parseAsStringLiteral(['token', 'feature']).withDefault('token'),
      rank: parseAsStringLiteral(['share', 'value']).withDefault('share'),
      order: parseAsStringLiteral(['max', 'sum']).withDefault('max'),
    },
    { history: 'replace', scroll: false },
  )
  return {
    ...state,
    pin: parsePin(state.pin),
    set,
    setPin: (pin: Pin | null) => void set({ pin: pin && `${pin.dictionary}:${pin.feature}` }),
  }
}

/** `ID:N`. */
export function parsePin(text: string | null): Pin | null {
  const [, dictionary, feature] = /^(.+):(\d{1,9})$/.exec(text ?? '') ?? []
  return dictionary && feature ? { dictionary, feature: Number(feature) } : null
}
