'use client'

import useSWR from 'swr'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'
import type { RunDetail, RunPicture } from './types'

/** What a run shows at its end, asked for anew when it ends, and after an evaluation. `initial` is what the page came with. */
export function useRunPicture(
  { id, status }: Pick<RunDetail, 'id' | 'status'>,
  initialRun: Pick<RunDetail, 'status'>,
  initial: RunPicture,
): { picture: RunPicture; problem: Problem | undefined } {
  const { data, error } = useSWR<RunPicture, Problem>(
    ['/runs', id, 'picture', status, initial.tokens?.measuredAt],
    () => ok(api.GET('/api/v1/runs/{id}/picture', { params: { path: { id } } })),
    { keepPreviousData: true, revalidateOnMount: status !== initialRun.status },
  )
  return { picture: data ?? initial, problem: error }
}
