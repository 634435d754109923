'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'

export const MEASUREMENTS = {
  statistics: { name: 'Feature statistics', verb: 'Compute statistics' },
  evaluate: { name: 'Evaluation', verb: 'Evaluate' },
  suite: { name: 'Suite', verb: 'Measure everything' },
} as const
export type MeasurementKind = keyof typeof MEASUREMENTS

/**
 * Starts the feature statistics, an evaluation or the suite of a dictionary, and follows the job. When it ends, the page
 * is read again.
 * @param known id of an unfinished job
 * @param harvest id of the harvest to measure on, where the dictionary does not name it
 */
export function useMeasurement(dictionary: string, kind: MeasurementKind, known?: string, harvest?: string) {
  const router = useRouter()
  const [started, setStarted] = useState<string>()
  const [isOver, setOver] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const start = () => {
    setProblem(undefined)
    const body = harvest === undefined ? {} : { harvest }
    const options = { params: { path: { id: dictionary } }, body }
    const calls = {
      statistics: () => api.POST('/api/v1/dictionaries/{id}/dashboards', options),
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
