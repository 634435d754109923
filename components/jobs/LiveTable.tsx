'use client'

import { NoWorker } from './WorkerNote'
import { Failure, type Problem } from '../ui/States'
import { ColumnMenu } from '../table/ColumnMenu'
import { DataTable, type Column } from '../table/DataTable'
import { useTableState } from '../table/useTableState'

/** A table of runs, jobs or harvests, newest first, with a note when work waits because there is no worker. */
export function LiveTable<Row extends { id: string }>({
  rows,
  columns,
  at,
  label,
  problem,
  waiting,
}: {
  rows: readonly Row[]
  /** With one named `created`. */
  columns: readonly Column<Row>[]
  /** Address of their pages: `/runs`. */
  at: string
  label: string
  problem: Problem | undefined
  /** Shown when there is no worker. */
  waiting?: string | undefined
}) {
  const state = useTableState({ id: 'created', order: 'desc' })
  return (
    <div className="flex flex-col gap-4">
      {waiting && <NoWorker waiting={waiting} />}
      {problem && <Failure problem={problem} />}
      <div>
        <div className="mb-1 flex justify-end">
          <ColumnMenu columns={columns} state={state} />
        </div>
        <DataTable
          rows={rows}
          columns={columns}
          rowKey={({ id }) => id}
          href={({ id }) => `${at}/${id}`}
          state={state}
          label={label}
        />
      </div>
    </div>
  )
}

/** `3 runs wait`, when there is no worker for them. */
export function waitingFor(what: string, count: number, workers: number): string | undefined {
  if (workers > 0 || count === 0) return undefined
  return count === 1 ? `one ${what} waits` : `${count} ${what}s wait`
}
