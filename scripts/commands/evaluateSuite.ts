/** Renders results of the suite for a terminal. */
import type { SuiteJobResult } from '../../lib/evaluations/schema'
import { SUITE } from '../../trainer/evaluate/suite'
import type { Cell, TableDefinition } from '../../trainer/evaluate/suite/definition'
import { formatTable } from '../cli/table'

type Result = SuiteJobResult['results'][number]

/** Every table of every part, with its caveat. */
export function renderSuite(results: readonly Result[]): string {
  return results.map(renderPart).join('\n\n')
}

function renderPart({ name, seconds, tables, notes }: Result): string {
  const { label, caveat, tables: definitions } = SUITE[name]
  const shown = Object.entries<TableDefinition>(definitions).map(([table, { title, columns }]) => {
    const names = Object.keys(columns)
    const rows = (tables[table] ?? []).map((row) => names.map((column) => shownCell(row[column])))
    return `${title}\n${formatTable(
      names.map((column) => columns[column]!.label),
      rows,
    )}`
  })
  return [`${label} (${Math.round(seconds)} s)`, ...notes, ...shown, caveat].join('\n')
}

function shownCell(cell: Cell | undefined): string {
  if (cell === undefined || cell === null) return '–'
  if (typeof cell === 'string') return cell
  if (typeof cell === 'number') return shownNumber(cell)
  return `${shownNumber(cell.value)} (${shownNumber(cell.low)} to ${shownNumber(cell.high)})`
}

function shownNumber(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(3)
}
