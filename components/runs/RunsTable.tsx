'use client'

import type { RunList, RunSummary } from '../../lib/runs/schema'
import { api, ok } from '../api'
import { JobState } from '../jobs/JobState'
import { isUnfinished } from '../jobs/status'
import { createdColumn, harvestColumn, nameColumn } from '../table/columns'
import type { Column } from '../table/DataTable'
import { LiveTable, waitingFor } from '../jobs/LiveTable'
import { Figure } from '../ui/definitions'
import { count, duration, number, percent } from '../ui/format'
import { Progress } from '../ui/Progress'
import { useLive } from '../useLive'

/** All training runs, live. */
export function RunsTable({ initial }: { initial: RunList }) {
  const { latest, problem } = useLive(
    '/runs',
    () => ok(api.GET('/api/v1/runs')),
    initial,
    ({ runs }) => (runs.some(isAtWork) ? 'busy' : 'idle'),
  )
  const { runs, workers } = latest
  return (
    <LiveTable
      rows={runs}
      columns={COLUMNS}
      at="/runs"
      label="Training runs"
      problem={problem}
      waiting={waitingFor('run', runs.filter(isAtWork).length, workers)}
    />
  )
}

const isAtWork = ({ status }: RunSummary) => isUnfinished(status)

const kOf = ({ config: { k } }: RunSummary): number | null => (typeof k === 'number' ? k : null)

const COLUMNS: readonly Column<RunSummary>[] = [
  nameColumn('Run', '/runs'),
  {
    id: 'state',
    name: 'state',
    header: 'State',
    width: 130,
    sortBy: ({ status }) => status,
    cell: ({ status, job, error }) => (
      <JobState status={status} hasLiveWorker={job?.hasLiveWorker ?? false} error={error} />
    ),
  },
  {
    id: 'progress',
    name: 'progress',
    header: 'Progress',
    width: 150,
    sortBy: ({ step, steps }) => step / steps,
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
    id: 'ev',
    name: 'explained variance, held-out',
    header: <Figure of="explainedVariance">EV</Figure>,
    width: 80,
    numeric: true,
    sortBy: ({ metrics }) => metrics?.heldOut?.explainedVariance ?? null,
    cell: ({ metrics }) => percent(metrics?.heldOut?.explainedVariance),
  },
  {
    id: 'l0',
    name: 'L0, held-out',
    header: <Figure of="l0" />,
    width: 60,
    numeric: true,
    sortBy: ({ metrics }) => metrics?.heldOut?.l0 ?? null,
    cell: ({ metrics }) => number(metrics?.heldOut?.l0),
  },
  {
    id: 'width',
    name: 'width',
    header: 'Width',
    width: 75,
    numeric: true,
    sortBy: ({ config }) => config.d_sae,
    cell: ({ config }) => count(config.d_sae),
  },
  {
    id: 'k',
    name: 'k',
    header: 'k',
    width: 50,
    numeric: true,
    sortBy: kOf,
    cell: (run) => count(kOf(run)),
  },
  {
    id: 'speed',
    name: 'tokens per second',
    header: <Figure of="tokensPerSecond" />,
    width: 100,
    numeric: true,
    sortBy: ({ tokensPerSecond }) => tokensPerSecond,
    cell: ({ tokensPerSecond }) => count(tokensPerSecond),
  },
  {
    id: 'architecture',
    name: 'architecture',
    header: 'Kind',
    width: 125,
    sortBy: ({ architecture }) => architecture,
    cell: ({ architecture }) => architecture,
  },
  {
    id: 'engine',
    name: 'engine',
    header: 'Engine',
    width: 95,
    sortBy: ({ engine }) => engine,
    cell: ({ engine, device }) => <span title={device}>{engine}</span>,
  },
  harvestColumn(),
  createdColumn(),
]
