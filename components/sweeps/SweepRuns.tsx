'use client'

import { parseAsArrayOf, parseAsString, useQueryState } from 'nuqs'
import Link from 'next/link'
import { useMemo } from 'react'
import type { SweepDetail, SweepRun } from '../../lib/sweeps/schema'
import { RetryButton } from '../jobs/JobActions'
import { isRetriable } from '../jobs/status'
import { ColumnMenu } from '../table/ColumnMenu'
import { DataTable } from '../table/DataTable'
import { useTableState } from '../table/useTableState'
import { Button, buttonClass } from '../ui/Button'
import { sweepColumns } from './sweepColumns'

/** The runs as a table; two of them can be chosen for a comparison. */
export function SweepRuns({ sweep, onChange }: { sweep: SweepDetail; onChange: () => unknown }) {
  const state = useTableState({ id: 'ev', order: 'desc' })
  const [chosen, setChosen] = useQueryState('compare', parseAsArrayOf(parseAsString).withDefault([]))
  const { members, varied } = sweep
  const columns = useMemo(
    () => [
      {
        id: 'choose',
        name: 'choice for a comparison',
        header: <span className="sr-only">Compare</span>,
        width: 36,
        cell: ({ id, label, dictionary }: SweepRun) => (
          <input
            type="checkbox"
            aria-label={`Choose ${label} for a comparison`}
            className="accent-accent size-3.5 align-middle"
            disabled={!dictionary}
            checked={chosen.includes(id)}
            onChange={({ target }) => {
              // A third choice replaces the older of the two.
              const others = chosen.filter((other) => other !== id)
              void setChosen(target.checked ? [...others.slice(-1), id] : others)
            }}
          />
        ),
      },
      ...sweepColumns(varied),
      {
        id: 'actions',
        name: 'actions',
        header: <span className="sr-only">Actions</span>,
        width: 40,
        cell: ({ status, job }: SweepRun) =>
          job && isRetriable(status) && <RetryButton job={job.id} onDone={onChange} />,
      },
    ],
    [varied, chosen, setChosen, onChange],
  )
  const [a, b] = chosen.flatMap((id) => members.find((run) => run.id === id)?.dictionary ?? [])
  return (
    <section aria-label="Runs of the sweep">
      <div className="mb-1 flex flex-wrap items-center justify-end gap-2">
        <span className="text-ink-soft text-small mr-auto">
          Choose two dictionaries to compare their features. Figures are measured on held-out tokens.
        </span>
        {a && b ? (
          <Link href={`/compare?a=${a.id}&b=${b.id}`} className={buttonClass('primary')}>
            Compare
          </Link>
        ) : (
          <Button disabled>Compare</Button>
        )}
        <ColumnMenu columns={columns.filter(({ id }) => id !== 'choose' && id !== 'actions')} state={state} />
      </div>
      <DataTable
        rows={members}
        columns={columns}
        rowKey={({ id }) => id}
        href={({ id }) => `/runs/${id}`}
        state={state}
        label="Runs of the sweep"
      />
    </section>
  )
}
