'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'

export const ANALYSES = {
  dashboards: { name: 'Statistics', verb: 'Compute statistics' },
  evaluate: { name: 'Evaluation', verb: 'Evaluate' },
  suite: { name: 'Suite', verb: 'Measure all of it' },
} as const
export type Analysis = keyof typeof ANALYSES

/**
 * Starting statistics, an evaluation or the suite of a dictionary, and the job that does it. The page is read anew at its end.
 * @param known a job that is at work on it already
 * @param harvest id of the one to measure on, where the dictionary does not say it
 */
export function useAnalysis(dictionary: string, kind: Analysis, known?: string, harvest?: string) {
  const router = useRouter()
  const [started, setStarted] = useState<string>()
  const [isOver, setOver] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const start = () => {
    setProblem(undefined)
    const body = harvest === undefined ? {} : { harvest }
    const options = { params: { path: { id: dictionary } }, body }
    const calls = {
      dashboards: () => api.POST('/api/v1/dictionaries/{id}/dashboards', options),
      evaluate: () => api.POST('/api/v1/dictionaries/{id}/evaluate', options),
      suite: () => api.POST('/api/v1/dictionaries/{id}/suite', { ...options, body: { ...body, suite: ['all'] } }),
    }
    ok(calls[kind]()).then(({ job }) => {
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
