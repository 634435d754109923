'use client'

import useSWR from 'swr'
import type { z } from 'zod'
import type { HarvestSummary } from '../../lib/api/schemas/harvests'
import { api, ok } from '../api'
import { DEDUPE_MS } from '../polling'
import { JobState } from '../jobs/JobState'
import { isUnfinished } from '../jobs/types'
import { DataTable, type Column } from '../table/DataTable'
import { useTableState } from '../table/useTableState'
import { count } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import { LongName } from '../ui/LongName'
import { Failure, type Problem } from '../ui/States'
import { Time } from '../ui/Time'

type Row = z.output<typeof HarvestSummary>
interface List {
  harvests: Row[]
}

const BUSY_MS = 1000
const IDLE_MS = 5000

/** All harvests, live. */
export function HarvestsTable({ initial }: { initial: readonly Row[] }) {
  const state = useTableState({ id: 'created', order: 'desc' })
  const { data, error } = useSWR<List, Problem>('/harvests', () => ok(api.GET('/api/v1/harvests')), {
    fallbackData: { harvests: [...initial] },
    dedupingInterval: DEDUPE_MS,
    refreshInterval: (latest) => (latest?.harvests.some(({ status }) => isUnfinished(status)) ? BUSY_MS : IDLE_MS),
  })
  return (
    <>
      {error && <Failure problem={error} />}
      <DataTable
        rows={data?.harvests ?? initial}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        href={({ id }) => `/harvests/${id}`}
        state={state}
        label="Harvests"
      />
    </>
  )
}

const COLUMNS: readonly Column<Row>[] = [
  {
    ...{ id: 'name', name: 'name', header: 'Harvest', width: 260, grow: true, sortBy: ({ name }) => name },
    cell: ({ id, name }) => (
      <HoverLink href={`/harvests/${id}`} className="hover:text-accent block hover:underline">
        <LongName>{name}</LongName>
      </HoverLink>
    ),
  },
  {
    ...{ id: 'state', name: 'state', header: 'State', width: 110, sortBy: ({ status }) => status },
    cell: ({ status, job }) => <JobState status={status} isWorkedOn={job?.isWorkedOn ?? false} />,
  },
  {
    ...{ id: 'model', name: 'model', header: 'Model', width: 170, sortBy: ({ model }) => model.name },
    cell: ({ model }) => model.name,
  },
  {
    ...{ id: 'hook', name: 'hook', header: 'Hook', width: 190, sortBy: ({ hook }) => hook },
    cell: ({ hook }) => <span className="font-mono text-small">{hook}</span>,
  },
  {
    ...{ id: 'corpus', name: 'corpus', header: 'Corpus', width: 80, sortBy: ({ corpus }) => corpus.name },
    cell: ({ corpus }) => corpus.name,
  },
  {
    ...{ id: 'tokens', name: 'tokens', header: 'Tokens', width: 90, numeric: true, sortBy: ({ tokens }) => tokens },
    cell: ({ tokens, tokensWanted }) => count(tokens ?? tokensWanted),
  },
  {
    ...{ id: 'shards', name: 'shards', header: 'Shards', width: 80, numeric: true, sortBy: ({ shards }) => shards },
    cell: ({ shards }) => count(shards),
  },
  {
    ...{ id: 'dtype', name: 'dtype', header: 'dtype', width: 70, sortBy: ({ dtype }) => dtype },
    cell: ({ dtype }) => dtype,
  },
  {
    ...{ id: 'runs', name: 'runs', header: 'Runs', width: 65, numeric: true, sortBy: ({ runs }) => runs },
    cell: ({ runs }) => count(runs),
  },
  {
    ...{ id: 'created', name: 'time', header: 'Asked for', width: 135, sortBy: ({ createdAt }) => createdAt },
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
]
