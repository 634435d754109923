'use client'

import useSWR from 'swr'
import { api, ok } from '../api'
import { DEDUPE_MS } from '../polling'
import { JobState } from '../jobs/JobState'
import { isUnfinished } from '../jobs/types'
import { NoWorker } from '../jobs/WorkerNote'
import { ColumnMenu } from '../table/ColumnMenu'
import { DataTable, type Column } from '../table/DataTable'
import { useTableState } from '../table/useTableState'
import { Figure } from '../ui/definitions'
import { count, duration, number, percent } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import { LongName } from '../ui/LongName'
import { Progress } from '../ui/Progress'
import { Failure, type Problem } from '../ui/States'
import { Time } from '../ui/Time'
import type { RunList, RunSummary } from './types'

const BUSY_MS = 1000
const IDLE_MS = 5000

/** All training runs, live. */
export function RunsTable({ initial }: { initial: RunList }) {
  const state = useTableState({ id: 'created', order: 'desc' })
  const { data, error } = useSWR<RunList, Problem>('/runs', () => ok(api.GET('/api/v1/runs')), {
    fallbackData: initial,
    dedupingInterval: DEDUPE_MS,
    refreshInterval: (latest) => (latest?.runs.some(({ status }) => isUnfinished(status)) ? BUSY_MS : IDLE_MS),
  })
  const { runs, workers } = data ?? initial
  const waiting = runs.filter(({ status }) => isUnfinished(status)).length
  return (
    <>
      {workers === 0 && waiting > 0 && (
        <div className="mb-4">
          <NoWorker waiting={waiting === 1 ? 'one run waits' : `${waiting} runs wait`} />
        </div>
      )}
      {error && <Failure problem={error} />}
      <div className="mb-1 flex justify-end">
        <ColumnMenu columns={COLUMNS} state={state} />
      </div>
      <DataTable
        rows={runs}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        href={({ id }) => `/runs/${id}`}
        state={state}
        label="Training runs"
      />
    </>
  )
}

const setting = ({ config }: RunSummary, name: string): number | null => {
  const value = config[name]
  return typeof value === 'number' ? value : null
}

const COLUMNS: readonly Column<RunSummary>[] = [
  {
    ...{ id: 'name', name: 'name', header: 'Run', width: 260, grow: true, sortBy: ({ name }) => name },
    cell: ({ id, name }) => (
      <HoverLink href={`/runs/${id}`} className="hover:text-accent block hover:underline">
        <LongName>{name}</LongName>
      </HoverLink>
    ),
  },
  {
    ...{ id: 'state', name: 'state', header: 'State', width: 100, sortBy: ({ status }) => status },
    cell: ({ status, job }) => <JobState status={status} isWorkedOn={job?.isWorkedOn ?? false} />,
  },
  {
    ...{ id: 'progress', name: 'progress', header: 'Progress', width: 140, sortBy: ({ step, steps }) => step / steps },
    cell: ({ name, step, steps, secondsLeft }) => (
      <span className="flex items-center gap-2">
        <span className="w-14 shrink-0">
          <Progress done={step} total={steps} label={`Progress of ${name}`} />
        </span>
        <span className="font-mono text-small truncate">
          {secondsLeft === null ? `${Math.floor((100 * step) / steps)} %` : duration(secondsLeft)}
        </span>
      </span>
    ),
  },
  {
    ...{
      id: 'ev',
      name: 'explained variance, held-out',
      header: <Figure of="explainedVariance">EV</Figure>,
      width: 80,
    },
    ...{ numeric: true, sortBy: ({ metrics }) => metrics?.heldOut?.explainedVariance ?? null },
    cell: ({ metrics }) => percent(metrics?.heldOut?.explainedVariance),
  },
  {
    ...{ id: 'l0', name: 'L0, held-out', header: <Figure of="l0" />, width: 60, numeric: true },
    sortBy: ({ metrics }) => metrics?.heldOut?.l0 ?? null,
    cell: ({ metrics }) => number(metrics?.heldOut?.l0),
  },
  {
    ...{
      id: 'width',
      name: 'width',
      header: 'Width',
      width: 75,
      numeric: true,
      sortBy: (run) => setting(run, 'd_sae'),
    },
    cell: (run) => count(setting(run, 'd_sae')),
  },
  {
    ...{ id: 'k', name: 'k', header: 'k', width: 50, numeric: true, sortBy: (run) => setting(run, 'k') },
    cell: (run) => count(setting(run, 'k')),
  },
  {
    ...{ id: 'speed', name: 'tokens per second', header: <Figure of="tokensPerSecond" />, width: 100, numeric: true },
    sortBy: ({ tokensPerSecond }) => tokensPerSecond,
    cell: ({ tokensPerSecond }) => count(tokensPerSecond),
  },
  {
    ...{
      id: 'architecture',
      name: 'architecture',
      header: 'Kind',
      width: 70,
      sortBy: ({ architecture }) => architecture,
    },
    cell: ({ architecture }) => architecture,
  },
  {
    ...{ id: 'engine', name: 'engine', header: 'Engine', width: 95, sortBy: ({ engine }) => engine },
    cell: ({ engine, device }) => <span title={device}>{engine}</span>,
  },
  {
    ...{ id: 'harvest', name: 'harvest', header: 'Harvest', width: 190, sortBy: ({ harvest }) => harvest.name },
    cell: ({ harvest }) => (
      <HoverLink href={`/harvests/${harvest.id}`} className="hover:text-accent block hover:underline">
        <LongName>{harvest.name}</LongName>
      </HoverLink>
    ),
  },
  {
    ...{ id: 'created', name: 'time', header: 'Asked for', width: 135, sortBy: ({ createdAt }) => createdAt },
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
]
