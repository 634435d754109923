'use client'

import useSWR from 'swr'
import type { FeatureFigures } from '../../lib/featureFigures'
import { api, ok } from '../api'

/** Short facts of one feature; undefined while they come, and for a feature without statistics. */
export function useFeatureFigures(
  dictionaryId: string | undefined,
  feature: number,
  known: FeatureFigures | undefined,
): FeatureFigures | undefined {
  const { data } = useSWR(
    dictionaryId && !known ? ['feature figures', dictionaryId, feature] : null,
    async ([, id, index]): Promise<FeatureFigures | undefined> => {
      const query = { text: `#${index}`, limit: 1 }
      const { features } = await ok(api.GET('/api/v1/dictionaries/{id}/search', { params: { path: { id }, query } }))
      const found = features.find((each) => each.index === index)
      if (!found) return undefined
      const { density, maxActivation, label } = found
      return { feature: index, density, maxActivation, label: label?.text ?? null }
    },
    { revalidateOnFocus: false },
  )
  return known ?? data
}
