'use client'

import useSWR from 'swr'
import type { FeatureFigures } from '../../lib/features/schema'
import { api, ok } from '../api'

/** Short facts of one feature; undefined while they load, and for a feature without statistics. */
export function useFeatureFigures(
  dictionaryId: string | undefined,
  feature: number,
  known: FeatureFigures | undefined,
): FeatureFigures | undefined {
  const { data } = useSWR(
    dictionaryId && !known ? ['figures', dictionaryId, feature] : null,
    async ([, id, index]): Promise<FeatureFigures | undefined> => {
      const params = { path: { id }, query: { feature: index } }
      return (await ok(api.GET('/api/v1/dictionaries/{id}/figures', { params }))).figures[0]
    },
    { revalidateOnFocus: false },
  )
  return known ?? data
}
