'use client'

import { useEffect, useRef, useState } from 'react'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'
import { mergePoints } from './points'
import type { RunPoint } from './types'

const POLL_MS = 700

/** Figures along a run, followed while it is live. `initial` is what the page came with. */
export function useRunPoints(run: string, isLive: boolean, initial: readonly RunPoint[]) {
  const [points, setPoints] = useState(initial)
  const [problem, setProblem] = useState<Problem>()
  const last = useRef(initial.at(-1)?.step ?? 0)
  useEffect(() => {
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = async () => {
      try {
        // From the last step seen, not after it: held-out figures are added to it later.
        const query = { from: last.current }
        const { signal } = controller
        const answer = await ok(api.GET('/api/v1/runs/{id}/metrics', { params: { path: { id: run }, query }, signal }))
        last.current = answer.points.at(-1)?.step ?? last.current
        setPoints((known) => mergePoints(known, answer.points))
        setProblem(undefined)
      } catch (error) {
        if (controller.signal.aborted) return
        setProblem(error as Problem)
      }
      if (isLive) timer = setTimeout(() => void poll(), POLL_MS)
    }
    void poll()
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
  }, [run, isLive])
  return { points, problem }
}
