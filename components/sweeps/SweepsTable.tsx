'use client'

import type { SweepList, SweepSummary } from '../../lib/sweeps/schema'
import { api, ok } from '../api'
import { createdColumn, harvestColumn, nameColumn } from '../table/columns'
import type { Column } from '../table/DataTable'
import { LiveTable, waitingFor } from '../jobs/LiveTable'
import { count } from '../ui/format'
import { Progress } from '../ui/Progress'
import { useLive } from '../useLive'
import { SweepState } from './SweepState'
import { unfinishedRuns } from './progress'

/** All sweeps, live. */
export function SweepsTable({ initial }: { initial: SweepList }) {
  const { latest, problem } = useLive(
    '/sweeps',
    () => ok(api.GET('/api/v1/sweeps')),
    initial,
    ({ sweeps }) => (sweeps.some((sweep) => unfinishedRuns(sweep) > 0) ? 'busy' : 'idle'),
  )
  const { sweeps, workers } = latest
  const unfinished = sweeps.reduce((sum, sweep) => sum + unfinishedRuns(sweep), 0)
  return (
    <LiveTable
      rows={sweeps}
      columns={COLUMNS}
      at="/sweeps"
      label="Sweeps"
      problem={problem}
      waiting={waitingFor('run', unfinished, workers)}
    />
  )
}

const share = ({ steps }: SweepSummary) => steps.done / Math.max(1, steps.total)

const COLUMNS: readonly Column<SweepSummary>[] = [
  nameColumn('Sweep', '/sweeps'),
  {
    id: 'state',
    name: 'state',
    header: 'State',
    width: 170,
    sortBy: share,
    cell: (sweep) => <SweepState sweep={sweep} />,
  },
  {
    id: 'runs',
    name: 'finished runs',
    header: 'Finished',
    width: 80,
    numeric: true,
    sortBy: ({ runs }) => runs.finished,
    cell: ({ runs }) => `${count(runs.finished)} of ${count(runs.all)}`,
  },
  {
    id: 'progress',
    name: 'progress',
    header: 'Progress',
    width: 140,
    sortBy: share,
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
    id: 'architectures',
    name: 'architectures',
    header: 'Kinds',
    width: 200,
    sortBy: ({ architectures }) => architectures.join(),
    cell: ({ architectures }) => <span title={architectures.join(', ')}>{architectures.join(', ')}</span>,
  },
  harvestColumn(),
  createdColumn(),
]
