'use client'

import useSWR from 'swr'
import type { SweepPlan } from '../../lib/sweeps/schema'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'

export type Planned = ReturnType<typeof useSweepPlan>

/** The plan of a sweep. @param body of the request as JSON; null while the form is incomplete */
export function useSweepPlan(body: string | null) {
  return useSWR<SweepPlan, Problem>(
    body === null ? null : ['/sweeps/plan', body],
    () => ok(api.POST('/api/v1/sweeps/plan', { body: JSON.parse(body!) as never })),
    { revalidateOnFocus: false, revalidateIfStale: false, shouldRetryOnError: false },
  )
}
