'use client'

import type { HarvestSummary } from '../../lib/harvests/schema'
import { api, ok } from '../api'
import { JobState } from '../jobs/JobState'
import { isUnfinished } from '../jobs/status'
import { createdColumn, nameColumn } from '../table/columns'
import type { Column } from '../table/DataTable'
import { LiveTable } from '../jobs/LiveTable'
import { count } from '../ui/format'
import { useLive } from '../useLive'

/** All harvests, kept up to date. */
export function HarvestsTable({ initial }: { initial: HarvestSummary[] }) {
  const first = { harvests: initial }
  const { latest, problem } = useLive(
    '/harvests',
    () => ok(api.GET('/api/v1/harvests')),
    first,
    ({ harvests }) => (harvests.some(({ status }) => isUnfinished(status)) ? 'busy' : 'idle'),
  )
  return <LiveTable rows={latest.harvests} columns={COLUMNS} at="/harvests" label="Harvests" problem={problem} />
}

/** What is stored with the activations: the target of a transcoder, or gradients. */
const companionOf = ({ targetHook, gradients }: HarvestSummary) => targetHook ?? (gradients ? 'gradients' : null)

const COLUMNS: readonly Column<HarvestSummary>[] = [
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
    id: 'companion',
    name: 'companion: target hook or gradients',
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
    cell: ({ tokens, shards }) => count(tokens === null ? null : shards),
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
