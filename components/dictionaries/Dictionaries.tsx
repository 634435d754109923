'use client'

import Link from 'next/link'
import type { DictionaryFigures, ListedDictionary } from '../../lib/catalog/schema'
import { ColumnMenu } from '../table/ColumnMenu'
import { DataTable, type Column } from '../table/DataTable'
import { useTableState } from '../table/useTableState'
import { cx } from '../ui/cx'
import { Figure } from '../ui/definitions'
import { count, even, percent } from '../ui/format'
import { measuredOn } from './MeasuredOn'
import { StartMeasurement } from './StartMeasurement'

/** A figure; where it comes from on hover. */
function Measured({ figures, children }: { figures: DictionaryFigures | null; children: string }) {
  return <span title={figures ? measuredOn(figures) : 'Not measured yet'}>{children}</span>
}

/** Long names wrap once before they are cut. */
const TWO_LINES = 'line-clamp-2 leading-4 break-words whitespace-normal [overflow-wrap:anywhere]'

const COLUMNS: readonly Column<ListedDictionary>[] = [
  {
    id: 'name',
    name: 'name',
    header: 'Name',
    width: 170,
    grow: true,
    sortBy: ({ name }) => name.toLowerCase(),
    cell: ({ id, name }) => (
      <Link href={`/dictionaries/${id}`} className={cx(TWO_LINES, 'text-accent hover:underline')} title={name}>
        {name}
      </Link>
    ),
  },
  {
    id: 'model',
    name: 'model',
    header: 'Model',
    width: 124,
    sortBy: ({ model }) => model?.name ?? null,
    cell: ({ model }) => <span className={TWO_LINES}>{model?.name ?? 'none'}</span>,
  },
  {
    id: 'hook',
    name: 'hook',
    header: 'Hook',
    width: 122,
    sortBy: ({ hook }) => hook,
    cell: ({ hook }) => <span className={cx(TWO_LINES, 'text-small font-mono')}>{hook ?? '–'}</span>,
  },
  {
    id: 'architecture',
    name: 'architecture',
    header: 'Type',
    width: 102,
    sortBy: ({ architecture }) => architecture,
    cell: ({ architecture }) => <span className={TWO_LINES}>{architecture}</span>,
  },
  {
    id: 'width',
    name: 'width',
    header: 'Width',
    width: 78,
    numeric: true,
    sortBy: ({ dSae }) => dSae,
    cell: ({ dSae }) => count(dSae),
  },
  {
    id: 'l0',
    name: 'L0',
    header: <Figure of="l0" />,
    width: 60,
    numeric: true,
    sortBy: ({ figures }) => figures?.l0 ?? null,
    cell: ({ figures }) => <Measured figures={figures}>{even(figures?.l0)}</Measured>,
  },
  {
    id: 'ev',
    name: 'explained variance',
    width: 64,
    numeric: true,
    header: <Figure of="explainedVariance">EV</Figure>,
    sortBy: ({ figures }) => figures?.explainedVariance ?? null,
    cell: ({ figures }) => <Measured figures={figures}>{even(figures?.explainedVariance)}</Measured>,
  },
  {
    id: 'ce',
    name: 'cross-entropy recovered',
    width: 108,
    numeric: true,
    header: <Figure of="crossEntropyRecovered">CE rec.</Figure>,
    sortBy: ({ figures }) => figures?.crossEntropyRecovered ?? null,
    cell: (row) => <CrossEntropy row={row} />,
  },
  {
    id: 'dead',
    name: 'dead share',
    width: 78,
    numeric: true,
    header: <Figure of="deadShare" />,
    sortBy: ({ figures }) => figures?.deadShare ?? null,
    cell: ({ figures }) => <Measured figures={figures}>{percent(figures?.deadShare)}</Measured>,
  },
  {
    id: 'features',
    name: 'feature statistics',
    header: 'Statistics',
    width: 104,
    cell: (row) => <Statistics row={row} />,
  },
  {
    id: 'made',
    name: 'date of creation',
    header: 'Made',
    width: 98,
    sortBy: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <span title={createdAt}>{createdAt.slice(0, 10)}</span>,
  },
]

function CrossEntropy({ row: { id, figures, model, jobs } }: { row: ListedDictionary }) {
  const value = figures?.crossEntropyRecovered
  if (value !== null && value !== undefined) return <Measured figures={figures}>{even(value)}</Measured>
  if (!model) return '–'
  return <StartMeasurement dictionary={id} kind="evaluate" running={jobs.evaluate} look="quiet" compact />
}

function Statistics({ row: { id, features, model, jobs } }: { row: ListedDictionary }) {
  const summary = features?.summary
  if (!jobs.statistics && summary && features.status === 'finished') {
    return (
      <span title={`Counted over ${count(features.tokens)} tokens of ${features.harvest.name}`}>
        {count(summary.live)} live
      </span>
    )
  }
  if (!model) return <span className="text-ink-soft">none</span>
  return (
    <StartMeasurement dictionary={id} kind="statistics" running={jobs.statistics} look="quiet" compact>
      Compute
    </StartMeasurement>
  )
}

const CHOICES = COLUMNS.filter(({ id }) => id !== 'name')

/** All dictionaries with what they are and how good they are. */
export function Dictionaries({ rows }: { rows: readonly ListedDictionary[] }) {
  const state = useTableState({ id: 'made', order: 'desc' })
  return (
    <>
      <div className="mb-2 flex items-center justify-between gap-3">
        <p className="text-ink-soft">
          {count(rows.length)} {rows.length === 1 ? 'dictionary' : 'dictionaries'}
        </p>
        <ColumnMenu columns={CHOICES} state={state} />
      </div>
      <DataTable
        rows={rows}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        href={({ id }) => `/dictionaries/${id}`}
        state={state}
        label="Dictionaries"
        rowHeight={44}
      />
    </>
  )
}
