'use client'

import useSWR from 'swr'
import { DEDUPE_MS } from './polling'
import type { Problem } from './ui/States'

const BUSY_MS = 1000
/** Somebody else may start something, or put what has ended back into the queue. */
const IDLE_MS = 5000

/**
 * What the server says of something, asked for again and again: often while it is at work, seldom otherwise.
 * @param key of the question, for all who ask it
 * @param initial what the page came with
 */
export function useLive<Answer>(
  key: string | readonly string[],
  ask: () => Promise<Answer>,
  initial: Answer,
  isBusy: (latest: Answer) => boolean,
): { latest: Answer; problem: Problem | undefined; refresh: () => void } {
  const { data, error, mutate } = useSWR<Answer, Problem>(key, ask, {
    fallbackData: initial,
    dedupingInterval: DEDUPE_MS,
    refreshInterval: (latest) => (isBusy(latest ?? initial) ? BUSY_MS : IDLE_MS),
  })
  return { latest: data ?? initial, problem: error, refresh: () => void mutate() }
}
