'use client'

import { useMemo } from 'react'
import useSWRInfinite from 'swr/infinite'
import type { JobList, JobSummary } from '../../lib/jobs/schema'
import { api, ok } from '../api'
import { DEDUPE_MS } from '../polling'
import { DataTable, type Column } from '../table/DataTable'
import { useTableState } from '../table/useTableState'
import { Badge } from '../ui/Badge'
import { Button } from '../ui/Button'
import { count, duration, number } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import { Progress } from '../ui/Progress'
import { Empty, Failure, type Problem } from '../ui/States'
import { Time } from '../ui/Time'
import { JobAbout } from './JobAbout'
import { RetryButton } from './JobActions'
import { JobState } from './JobState'
import { canRetry, isUnfinished } from './status'
import { NoWorker } from './WorkerNote'
import { Engine } from '../ui/Engine'

const PAGE = 100
const BUSY_MS = 1000
const IDLE_MS = 5000

/** All jobs, newest first; the pages that are loaded refresh themselves. */
export function JobsTable({ initial }: { initial: JobList }) {
  const state = useTableState({ id: 'created', order: 'desc' })
  const { data, error, mutate, setSize, size } = useSWRInfinite<JobList, Problem>(
    (index, before: JobList | null) => (index > 0 && !before?.next ? null : ['/jobs', before?.next ?? undefined]),
    ([, after]: readonly [string, string | undefined]) =>
      ok(api.GET('/api/v1/jobs', { params: { query: { limit: PAGE, after } } })),
    {
      fallbackData: [initial],
      dedupingInterval: DEDUPE_MS,
      refreshInterval: (pages) =>
        pages?.some(({ jobs }) => jobs.some(({ status }) => isUnfinished(status))) ? BUSY_MS : IDLE_MS,
      revalidateFirstPage: true,
    },
  )
  const pages = data ?? [initial]
  const jobs = pages.flatMap((page) => page.jobs)
  const columns = useMemo(() => columnsOf(() => mutate()), [mutate])
  const waiting = jobs.filter(({ status }) => isUnfinished(status)).length
  if (jobs.length === 0) {
    return (
      <Empty title="No jobs yet" command="npx loupe demo">
        Long work appears here while it runs, and stays in the list: harvests, training runs, statistics, evaluations,
        exports. The demo starts some.
      </Empty>
    )
  }
  return (
    <>
      {pages[0]?.workers === 0 && waiting > 0 && (
        <div className="mb-4">
          <NoWorker waiting={waiting === 1 ? 'one job waits' : `${waiting} jobs wait`} />
        </div>
      )}
      {error && <Failure problem={error} />}
      <DataTable
        rows={jobs}
        columns={columns}
        rowKey={({ id }) => id}
        href={({ id }) => `/jobs/${id}`}
        state={state}
        label="Jobs"
        height="max-h-[calc(100dvh-10rem)]"
      />
      {pages.at(-1)?.next && (
        <Button className="mt-2" onClick={() => void setSize(size + 1)}>
          Older jobs
        </Button>
      )}
    </>
  )
}

function columnsOf(refresh: () => unknown): readonly Column<JobSummary>[] {
  return [
    {
      id: 'kind',
      name: 'kind',
      header: 'Job',
      width: 95,
      sortBy: ({ kind }) => kind,
      cell: ({ id, kind }) => (
        <HoverLink href={`/jobs/${id}`} className="hover:text-accent hover:underline">
          {kind}
        </HoverLink>
      ),
    },
    {
      id: 'state',
      name: 'state',
      header: 'State',
      width: 105,
      sortBy: ({ status }) => status,
      cell: (job) => <JobState {...job} />,
    },
    {
      id: 'progress',
      name: 'progress',
      header: 'Progress',
      width: 230,
      sortBy: ({ done, total }) => (total ? done / total : 0),
      cell: ({ kind, done, total, unit, status }) =>
        total === 0 ? (
          <span className="text-ink-soft">{isUnfinished(status) ? 'not planned yet' : '–'}</span>
        ) : (
          <span className="flex items-center gap-2">
            <span className="w-16 shrink-0">
              <Progress done={done} total={total} label={`Progress of ${kind}`} />
            </span>
            <span className="font-mono text-small truncate">
              {done === total ? count(total) : `${count(done)} / ${count(total)}`}{' '}
              <span className="text-ink-soft">{unit}</span>
            </span>
          </span>
        ),
    },
    {
      id: 'rate',
      name: 'speed and time left',
      header: 'Speed, time left',
      width: 150,
      cell: ({ hasLiveWorker, rate, unit, secondsLeft }) =>
        hasLiveWorker && rate !== null ? (
          <span className="font-mono text-small">
            {number(rate)}/s{secondsLeft !== null && `, ${duration(secondsLeft)}`}
            <span className="sr-only"> ({unit})</span>
          </span>
        ) : (
          <span className="text-ink-soft">–</span>
        ),
    },
    {
      id: 'about',
      name: 'what it works on',
      header: 'Works on',
      width: 240,
      grow: true,
      cell: ({ about, error }) => (
        <span className="flex items-center gap-2" title={error?.message}>
          <JobAbout about={about} />
          {error && (
            <span className="min-w-0 truncate">
              <Badge tone="danger">{error.message}</Badge>
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'created',
      name: 'time',
      header: 'Queued',
      width: 135,
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'engine',
      name: 'engine',
      header: 'Engine',
      width: 150,
      sortBy: ({ engine }) => engine,
      cell: ({ engine }) => (engine ? <Engine inTable>{engine}</Engine> : '–'),
    },
    {
      id: 'actions',
      name: 'actions',
      header: <span className="sr-only">Actions</span>,
      width: 46,
      cell: (job) => canRetry(job) && <RetryButton job={job.id} onDone={refresh} />,
    },
  ]
}
