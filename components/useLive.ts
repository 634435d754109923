'use client'

import useSWR from 'swr'
import { isRetriable, isUnfinished } from './jobs/types'
import { DEDUPE_MS } from './polling'
import type { Problem } from './ui/States'

/** In milliseconds; 0: not again. */
const INTERVALS = {
  busy: 1000,
  /** Somebody else may start something, or put what has ended back into the queue. */
  idle: 5000,
  over: 0,
}
type Pace = keyof typeof INTERVALS

/** Of a run or job: one that is finished stays so. */
export const paceOf = (status: string): Pace => (isUnfinished(status) ? 'busy' : isRetriable(status) ? 'idle' : 'over')

/**
 * What the server says of something, asked for again and again: often while it is at work, seldom otherwise, and no more
 * once nothing can change.
 * @param key of the question, for all who ask it
 * @param initial what the page came with
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
