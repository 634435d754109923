'use client'

import useSWR from 'swr'
import { api, ok } from '../api'
import type { Pin } from './usePromptState'

/** Number of strongest features to request for each token. */
const TOP = 32

/** The text's features under the dictionaries, and the pinned feature at every token. */
export function useEncoded(text: string, dictionaries: readonly string[], pin: Pin | null) {
  return useSWR(
    text !== '' && dictionaries.length > 0
      ? ['encode', text, dictionaries.join(), pin?.dictionary, pin?.feature]
      : null,
    () =>
      ok(
        api.POST('/api/v1/encode', {
          body: { text, dictionaries: [...dictionaries], top: TOP, ...(pin && { features: [pin] }) },
        }),
      ),
    { keepPreviousData: true, revalidateOnFocus: false, revalidateIfStale: false, shouldRetryOnError: false },
  )
}

export type Encoded = NonNullable<ReturnType<typeof useEncoded>['data']>
