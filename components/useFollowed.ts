'use client'

import { useEffect, useRef, useState } from 'react'
import type { Problem } from './ui/States'

/**
 * Follows data that grow on the server, such as a log or the points of a curve.
 * @param id of the job or run
 * @param more fetches the new part and returns the known data with it; called again `everyMs` after each answer
 */
export function useFollowed<Known>(
  id: string,
  initial: Known,
  more: (id: string, known: Known, signal: AbortSignal) => Promise<Known>,
  { isLive, everyMs }: { isLive: boolean; everyMs: number },
): { known: Known; problem: Problem | undefined } {
  const [known, setKnown] = useState(initial)
  const [problem, setProblem] = useState<Problem>()
  const newest = useRef(initial)
  useEffect(() => {
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = async () => {
      try {
        newest.current = await more(id, newest.current, controller.signal)
        setKnown(newest.current)
        setProblem(undefined)
      } catch (error) {
        if (controller.signal.aborted) return
        setProblem(error as Problem)
      }
      if (isLive) timer = setTimeout(() => void poll(), everyMs)
    }
    void poll()
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
  }, [id, more, isLive, everyMs])
  return { known, problem }
}
