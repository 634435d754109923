'use client'

import useSWR from 'swr'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'
import type { SweepPlan } from './types'

export type Planned = ReturnType<typeof useSweepPlan>

/** What a sweep would be. @param body of the request as JSON; null: not asked */
export function useSweepPlan(body: string | null) {
  return useSWR<SweepPlan, Problem>(
    body === null ? null : ['/sweeps/plan', body],
    () => ok(api.POST('/api/v1/sweeps/plan', { body: JSON.parse(body!) as never })),
    { revalidateOnFocus: false, revalidateIfStale: false, shouldRetryOnError: false },
  )
}
