import type { Codes } from '../types'

/** Codes from a fixed number of entries per row, ascending; entries at 0 are dropped. */
export function codesOfRows(n: number, d_sae: number, columns: Int32Array, values: Float32Array): Codes {
  const perRow = columns.length / n
  const offsets = new Int32Array(n + 1)
  const indices = new Int32Array(columns.length)
  const kept = new Float32Array(columns.length)
  let entry = 0
  for (let row = 0; row < n; row++) {
    for (let i = row * perRow; i < (row + 1) * perRow; i++) {
      if (values[i]! > 0) {
        indices[entry] = columns[i]!
        kept[entry++] = values[i]!
      }
    }
    offsets[row + 1] = entry
  }
  return { n, d_sae, offsets, indices: indices.slice(0, entry), values: kept.slice(0, entry) }
}

/** `[nnz]` the row of each entry. */
export function rowsOfEntries({ n, offsets }: Codes): Int32Array {
  const rows = new Int32Array(offsets[n]!)
  for (let row = 0; row < n; row++) rows.fill(row, offsets[row], offsets[row + 1])
  return rows
}
