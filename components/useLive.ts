'use client'

import useSWR from 'swr'
import { isRetriable, isUnfinished } from './jobs/status'
import { DEDUPE_MS } from './polling'
import type { Problem } from './ui/States'

/** Milliseconds between requests; 0: no further request. */
const INTERVALS = {
  busy: 1000,
  /** Another person can start something, or retry what has ended. */
  idle: 5000,
  over: 0,
}
type Pace = keyof typeof INTERVALS

/** The pace of a run or job. A finished one does not change any more. */
export const paceOf = (status: string): Pace => (isUnfinished(status) ? 'busy' : isRetriable(status) ? 'idle' : 'over')

/**
 * Polls the server: often while a job runs, seldom otherwise, and not at all when nothing can change.
 * @param key shared by all components that need the same answer
 * @param initial the answer that the page was rendered with
 */
export function useLive<Answer>(
  key: string | readonly string[],
  ask: () => Promise<Answer>,
  initial: Answer,
  pace: (latest: Answer) => Pace,
): { latest: Answer; problem: Problem | undefined; refresh: () => void } {
  const { data, error, mutate } = useSWR<Answer, Problem>(key, ask, {
    fallbackData: initial,
    dedupingInterval: DEDUPE_MS,
    refreshInterval: (latest) => INTERVALS[pace(latest ?? initial)],
  })
  return { latest: data ?? initial, problem: error, refresh: () => void mutate() }
}
