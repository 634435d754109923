'use client'

import type { z } from 'zod'
import type { HarvestSummary } from '../../lib/harvests/schema'
import { api, ok } from '../api'
import { JobState } from '../jobs/JobState'
import { isUnfinished } from '../jobs/types'
import { createdColumn, nameColumn } from '../table/columns'
import type { Column } from '../table/DataTable'
import { LiveTable } from '../table/LiveTable'
import { count } from '../ui/format'
import { useLive } from '../useLive'

type Row = z.output<typeof HarvestSummary>

/** All harvests, live. */
export function HarvestsTable({ initial }: { initial: Row[] }) {
  const first = { harvests: initial }
  const { latest, problem } = useLive(
    '/harvests',
    () => ok(api.GET('/api/v1/harvests')),
    first,
    ({ harvests }) => (harvests.some(({ status }) => isUnfinished(status)) ? 'busy' : 'idle'),
  )
  return <LiveTable rows={latest.harvests} columns={COLUMNS} at="/harvests" label="Harvests" problem={problem} />
}

/** The target hook of a transcoder, or gradients. */
const companionOf = ({ targetHook, gradients }: Row) => targetHook ?? (gradients ? 'gradients' : null)

const COLUMNS: readonly Column<Row>[] = [
  nameColumn('Harvest', '/harvests'),
  {
    id: 'state',
    name: 'state',
    header: 'State',
    width: 110,
    sortBy: ({ status }) => status,
    cell: ({ status, job }) => <JobState status={status} hasLiveWorker={job?.hasLiveWorker ?? false} />,
  },
  {
    id: 'model',
    name: 'model',
    header: 'Model',
    width: 170,
    sortBy: ({ model }) => model.name,
    cell: ({ model }) => model.name,
  },
  {
    id: 'hook',
    name: 'hook',
    header: 'Hook',
    width: 190,
    sortBy: ({ hook }) => hook,
    cell: ({ hook }) => <span className="font-mono text-small">{hook}</span>,
  },
  {
    id: 'beside',
    name: 'stored beside the activations',
    header: 'Companion',
    width: 180,
    sortBy: companionOf,
    cell: (row) => <span className="font-mono text-small">{companionOf(row)}</span>,
  },
  {
    id: 'corpus',
    name: 'corpus',
    header: 'Corpus',
    width: 80,
    sortBy: ({ corpus }) => corpus.name,
    cell: ({ corpus }) => corpus.name,
  },
  {
    id: 'tokens',
    name: 'tokens',
    header: 'Tokens',
    width: 90,
    numeric: true,
    sortBy: ({ tokens }) => tokens,
    cell: ({ tokens, tokensWanted }) => count(tokens ?? tokensWanted),
  },
  {
    id: 'shards',
    name: 'shards',
    header: 'Shards',
    width: 80,
    numeric: true,
    sortBy: ({ shards }) => shards,
    cell: ({ shards }) => count(shards),
  },
  {
    id: 'dtype',
    name: 'dtype',
    header: 'dtype',
    width: 85,
    sortBy: ({ dtype }) => dtype,
    cell: ({ dtype }) => dtype,
  },
  {
    id: 'runs',
    name: 'runs',
    header: 'Runs',
    width: 80,
    numeric: true,
    sortBy: ({ runs }) => runs,
    cell: ({ runs }) => count(runs),
  },
  createdColumn(),
]
