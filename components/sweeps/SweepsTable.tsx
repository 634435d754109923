'use client'

import useSWR from 'swr'
import { api, ok } from '../api'
import { NoWorker } from '../jobs/WorkerNote'
import { DEDUPE_MS } from '../polling'
import { DataTable, type Column } from '../table/DataTable'
import { useTableState } from '../table/useTableState'
import { count } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import { LongName } from '../ui/LongName'
import { Progress } from '../ui/Progress'
import { Failure, type Problem } from '../ui/States'
import { Time } from '../ui/Time'
import { SweepState } from './SweepState'
import { unfinishedRuns, type SweepList, type SweepSummary } from './types'

const BUSY_MS = 1500
const IDLE_MS = 5000

/** All sweeps, live. */
export function SweepsTable({ initial }: { initial: SweepList }) {
  const state = useTableState({ id: 'created', order: 'desc' })
  const { data, error } = useSWR<SweepList, Problem>('/sweeps', () => ok(api.GET('/api/v1/sweeps')), {
    fallbackData: initial,
    dedupingInterval: DEDUPE_MS,
    refreshInterval: (latest) => (latest?.sweeps.some((sweep) => unfinishedRuns(sweep) > 0) ? BUSY_MS : IDLE_MS),
  })
  const { sweeps, workers } = data ?? initial
  const waiting = sweeps.reduce((sum, sweep) => sum + unfinishedRuns(sweep), 0)
  return (
    <div className="flex flex-col gap-4">
      {workers === 0 && waiting > 0 && <NoWorker waiting={waiting === 1 ? 'one run waits' : `${waiting} runs wait`} />}
      {error && <Failure problem={error} />}
      <DataTable
        rows={sweeps}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        href={({ id }) => `/sweeps/${id}`}
        state={state}
        label="Sweeps"
      />
    </div>
  )
}

const share = ({ steps }: SweepSummary) => steps.done / Math.max(1, steps.total)

const COLUMNS: readonly Column<SweepSummary>[] = [
  {
    ...{ id: 'name', name: 'name', header: 'Sweep', width: 260, grow: true, sortBy: ({ name }) => name },
    cell: ({ id, name }) => (
      <HoverLink href={`/sweeps/${id}`} className="hover:text-accent block hover:underline">
        <LongName>{name}</LongName>
      </HoverLink>
    ),
  },
  {
    ...{ id: 'state', name: 'state', header: 'State', width: 170, sortBy: share },
    cell: (sweep) => <SweepState sweep={sweep} />,
  },
  {
    ...{ id: 'runs', name: 'finished runs', header: 'Finished', width: 80, numeric: true },
    sortBy: ({ runs }) => runs.finished,
    cell: ({ runs }) => `${count(runs.finished)} of ${count(runs.all)}`,
  },
  {
    ...{ id: 'progress', name: 'progress', header: 'Progress', width: 140, sortBy: share },
    cell: (sweep) => (
      <span className="flex items-center gap-2">
        <span className="w-14 shrink-0">
          <Progress done={sweep.steps.done} total={sweep.steps.total} label={`Progress of ${sweep.name}`} />
        </span>
        <span className="font-mono text-small">{Math.floor(100 * share(sweep))} %</span>
      </span>
    ),
  },
  {
    ...{ id: 'architectures', name: 'architectures', header: 'Kinds', width: 200 },
    sortBy: ({ architectures }) => architectures.join(),
    cell: ({ architectures }) => <span title={architectures.join(', ')}>{architectures.join(', ')}</span>,
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
