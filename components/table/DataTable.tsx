'use client'

import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { cx } from '../ui/cx'
import type { TableState } from './useTableState'

export interface Column<Row> {
  id: string
  header: ReactNode
  /** The header in plain words, for menus and screen readers. */
  name: string
  cell: (row: Row) => ReactNode
  /** What the column sorts by; absent: it cannot be sorted. Missing values come last. */
  sortBy?: (row: Row) => number | string | null
  numeric?: boolean
  /** Pixels; the one column with `grow` takes the remaining width. */
  width: number
  grow?: boolean
}

const ROW_HEIGHT = 32
/** This many rows before the end, more are requested. */
const AHEAD = 30

/**
 * A table of any length: virtual rows, sorting, hidden columns, keyboard (arrows, Page up and down, Home, End, Enter).
 * With `remote`, the rows are sorted and paged by the server: sorting only changes `state`, `onEnd` fetches more.
 */
export function DataTable<Row>({
  rows,
  columns,
  rowKey,
  href,
  state,
  label,
  remote = false,
  onEnd,
  height = 'max-h-[calc(100dvh-11rem)]',
  rowHeight = ROW_HEIGHT,
}: {
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  /** The address that a row opens. */
  href?: (row: Row) => string
  state: TableState
  label: string
  remote?: boolean
  onEnd?: () => void
  /** A class that bounds the table's height. */
  height?: string
  /** Pixels. */
  rowHeight?: number
}) {
  const { sort, setSort, hidden } = state
  const table = useRows(rows, columns, rowKey, state, remote)
  const visible = columns.filter(({ id }) => !hidden.includes(id))
  const shown = table.getRowModel().rows
  const box = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (last >= shown.length - AHEAD) onEnd?.()
  }, [last, shown.length, onEnd])
  // Another order, or another list from the server, starts at the top.
  const first = remote ? shown[0]?.id : undefined
  useEffect(() => box.current?.scrollTo({ top: 0 }), [first, sort.id, sort.order])
  const onKeyDown = useRowKeys(shown.length, (index) => virtual.scrollToIndex(index), box, rowHeight)
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div ref={box} tabIndex={-1} className={cx('relative overflow-auto rounded border', height)} onKeyDown={onKeyDown}>
      <table
        aria-label={label}
        aria-rowcount={shown.length}
        className="w-full table-fixed border-separate border-spacing-0"
        style={{ minWidth: visible.reduce((sum, { width }) => sum + width, 0) }}
      >
        <colgroup>
          {visible.map(({ id, width, grow }) => (
            <col key={id} style={grow ? undefined : { width }} />
          ))}
        </colgroup>
        <thead className="bg-surface sticky top-0 z-1">
          <tr>
            {visible.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} setSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {items.map(({ index }) => (
            <BodyRow
              key={shown[index]!.id}
              row={shown[index]!.original as Row}
              index={index}
              columns={visible}
              href={href}
              height={rowHeight}
            />
          ))}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  )
}

const features = tableFeatures({ rowSortingFeature, columnVisibilityFeature, sortedRowModel: createSortedRowModel() })

/** Numbers by size, texts as people order them: `k8` before `k32`. */
function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}

function useRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  rowKey: (row: Row) => string,
  { sort, hidden }: TableState,
  remote: boolean,
) {
  const definitions = useMemo(
    () =>
      columns.map(({ id, sortBy }): ColumnDef<typeof features, object> => ({
        id,
        accessorFn: (row) => sortBy?.(row as Row) ?? undefined,
        sortUndefined: 'last',
        sortFn: (a, b, column) => compare(a.getValue(column), b.getValue(column)),
        enableSorting: sortBy !== undefined,
      })),
    [columns],
  )
  const sorting = useMemo(() => [{ id: sort.id, desc: sort.order === 'desc' }], [sort.id, sort.order])
  const columnVisibility = useMemo(() => Object.fromEntries(hidden.map((id) => [id, false])), [hidden])
  return useTable({
    features,
    data: rows as readonly unknown[] as object[],
    columns: definitions,
    getRowId: (row) => rowKey(row as Row),
    manualSorting: remote,
    state: { sorting: columns.some(({ id }) => id === sort.id) ? sorting : [], columnVisibility },
  })
}

function HeaderCell<Row>({
  column: { id, header, name, sortBy, numeric },
  sort,
  setSort,
}: {
  column: Column<Row>
  sort: TableState['sort']
  setSort: TableState['setSort']
}) {
  const order = sort.id === id ? sort.order : undefined
  const Arrow = order === 'asc' ? ArrowUp : ArrowDown
  return (
    <th
      scope="col"
      aria-sort={order && (order === 'asc' ? 'ascending' : 'descending')}
      className={cx('text-ink-soft h-8 border-b px-2 font-normal', numeric ? 'text-right' : 'text-left')}
    >
      <span className={cx('inline-flex max-w-full items-center gap-1 align-middle', numeric && 'flex-row-reverse')}>
        <span className="truncate">{header}</span>
        {sortBy && (
          <button
            type="button"
            aria-label={`Sort by ${name}`}
            className={cx('hover:text-accent rounded', order && 'text-accent')}
            onClick={() => setSort({ id, order: order === 'desc' ? 'asc' : 'desc' })}
          >
            <Arrow aria-hidden className={cx('size-3.5', !order && 'opacity-60')} />
          </button>
        )}
      </span>
    </th>
  )
}

function BodyRow<Row>({
  row,
  index,
  columns,
  href,
  height,
}: {
  row: Row
  index: number
  columns: readonly Column<Row>[]
  href: ((row: Row) => string) | undefined
  height: number
}) {
  const router = useRouter()
  const to = href?.(row)
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 1}
      tabIndex={to ? 0 : undefined}
      className={cx('group', to && 'hover:bg-surface focus-visible:bg-surface cursor-pointer')}
      style={{ height }}
      onClick={(event) => {
        if (!to || (event.target as HTMLElement).closest('a,button,input,select')) return
        if (window.getSelection()?.toString()) return
        if (event.metaKey || event.ctrlKey) window.open(to, '_blank')
        else router.push(to)
      }}
      onKeyDown={(event) => {
        if (to && event.key === 'Enter' && event.target === event.currentTarget) router.push(to)
      }}
    >
      {columns.map(({ id, cell, numeric }) => (
        <td key={id} className={cx('truncate border-b px-2', numeric && 'text-right font-mono text-small')}>
          {cell(row)}
        </td>
      ))}
    </tr>
  )
}

/** Moves the focus between rows. */
function useRowKeys(
  length: number,
  scrollTo: (index: number) => void,
  box: React.RefObject<HTMLDivElement | null>,
  rowHeight: number,
) {
  return (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
    if (!row || event.target !== row) return
    const at = Number(row.dataset['row'])
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowHeight) - 2)
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: length - 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    const index = Math.max(0, Math.min(length - 1, to))
    scrollTo(index)
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus())
  }
}
