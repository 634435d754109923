/** Results of the suite for a terminal. */
import type { Cell, SuiteResult, TableDefinition } from '../../trainer/evaluate/suite/definition'
import { SUITE, type SuiteName } from '../../trainer/evaluate/suite'
import { formatTable } from '../cli/table'

type Named = SuiteResult & { name: string; seconds: number }

/** Every table of every part, with its caveat. */
export function renderSuite(results: readonly Named[]): string {
  return results.map(renderPart).join('\n\n')
}

function renderPart({ name, seconds, tables, notes }: Named): string {
  const { label, caveat, tables: definitions } = SUITE[name as SuiteName]
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
