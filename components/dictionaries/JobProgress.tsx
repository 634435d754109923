'use client'

import Link from 'next/link'
import { useEffect, useRef } from 'react'
import useSWR from 'swr'
import { api, ok } from '../api'
import { cx } from '../ui/cx'
import { count, duration, number } from '../ui/format'
import { Progress } from '../ui/Progress'
import { Failure, type Problem } from '../ui/States'

const POLL_MS = 1000
const ENDS = ['finished', 'failed', 'cancelled']

/** The progress of a job; after a failure, its reason. */
export function JobProgress({
  job,
  name,
  onEnd,
  compact = false,
}: {
  job: string
  name: string
  onEnd: (status: string) => void
  /** One line, for cells of tables. */
  compact?: boolean
}) {
  const { data, ...answer } = useSWR(
    ['job', job],
    () => ok(api.GET('/api/v1/jobs/{id}', { params: { path: { id: job } } })),
    { refreshInterval: (latest) => (latest && ENDS.includes(latest.job.status) ? 0 : POLL_MS) },
  )
  const status = data?.job.status
  const reported = useRef<string>(undefined)
  useEffect(() => {
    if (!status || !ENDS.includes(status) || reported.current === status) return
    reported.current = status
    onEnd(status)
  }, [status, onEnd])
  const problem = answer.error as Problem | undefined
  if (problem) return <Failure problem={problem} />
  if (!data) return <p className="text-ink-soft">starting…</p>
  const { done, total, error: failure } = data.job
  if (failure && !compact) return <Failure problem={failure} />
  const state = failure ? `failed: ${failure.message}` : words(data.job, data.workers, compact)
  return (
    <div className="flex min-w-0 flex-col gap-1 text-left" title={compact ? `${name}: ${state}` : undefined}>
      <Progress done={done} total={total} label={name} />
      <p className={cx('text-ink-soft text-small', compact && 'truncate leading-3')}>
        <Link href={`/jobs/${job}`} className="hover:text-accent underline">
          {compact ? state : name}
        </Link>
        {!compact && ` ${state}`}
      </p>
    </div>
  )
}

interface JobReading {
  status: string
  done: number
  total: number
  unit: string
  rate: number | null
  secondsLeft: number | null
  hasLiveWorker: boolean
}

function words(job: JobReading, workers: number, compact: boolean): string {
  const { status, done, total, unit, rate, secondsLeft, hasLiveWorker } = job
  if (status === 'cancelled' || status === 'finished') return status
  if (!hasLiveWorker && workers === 0) return compact ? 'no worker' : 'waits for a worker; start one: npx loupe worker'
  if (!hasLiveWorker) return 'in the queue'
  const left = secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]
  if (compact) return [`${total > 0 ? Math.floor((done / total) * 100) : 0} %`, ...left].join(', ')
  const speed = rate === null ? [] : [`${number(rate)} ${unit}/s`]
  return [`${count(done)} of ${count(total)} ${unit}`, ...speed, ...left].join(', ')
}
