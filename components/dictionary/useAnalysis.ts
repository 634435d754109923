'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'

export const ANALYSES = {
  dashboards: { name: 'Statistics', verb: 'Compute statistics' },
  evaluate: { name: 'Evaluation', verb: 'Evaluate' },
} as const
export type Analysis = keyof typeof ANALYSES

/**
 * Starting statistics or an evaluation of a dictionary, and the job that does it. The page is read anew at its end.
 * @param known a job that is at work on it already
 */
export function useAnalysis(dictionary: string, kind: Analysis, known?: string) {
  const router = useRouter()
  const [started, setStarted] = useState<string>()
  const [isOver, setOver] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const start = () => {
    setProblem(undefined)
    const options = { params: { path: { id: dictionary } }, body: {} }
    const call =
      kind === 'dashboards'
        ? api.POST('/api/v1/dictionaries/{id}/dashboards', options)
        : api.POST('/api/v1/dictionaries/{id}/evaluate', options)
    ok(call).then(({ job }) => {
      setStarted(job)
      setOver(false)
    }, setProblem)
  }
  const onEnd = useCallback(
    (status: string) => {
      if (status === 'finished') setStarted(undefined)
      setOver(true)
      router.refresh()
    },
    [router],
  )
  return { job: started ?? known, isOver, start, problem, onEnd }
}
