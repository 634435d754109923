/** Tables for the terminal. */
import pc from 'picocolors'

/** A table in which every column is as wide as its widest cell. The caller formats numbers. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()
  return [pc.dim(line(header)), ...rows.map(line)].join('\n')
}
