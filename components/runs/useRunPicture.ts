'use client'

import useSWR from 'swr'
import type { RunPicture } from '../../lib/runs/pictureSchema'
import type { RunDetail } from '../../lib/runs/schema'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'

/** What a run shows at its end, loaded again when it ends and after an evaluation. @param initial what the page holds */
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
