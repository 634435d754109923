/** Codes from and to lists of matrix entries. */
import type { Codes } from './codes'

/** Codes from entries in row-major order; entries at 0 are dropped. */
export function codesOfEntries(
  n: number,
  d_sae: number,
  entries: { rows: Int32Array; columns: Int32Array; values: Float32Array },
): Codes {
  const offsets = new Int32Array(n + 1)
  const indices = new Int32Array(entries.columns.length)
  const kept = new Float32Array(entries.columns.length)
  let entry = 0
  for (let i = 0; i < entries.columns.length; i++) {
    if (!(entries.values[i]! > 0)) continue
    offsets[entries.rows[i]! + 1]! += 1
    indices[entry] = entries.columns[i]!
    kept[entry++] = entries.values[i]!
  }
  for (let row = 0; row < n; row++) offsets[row + 1]! += offsets[row]!
  return { n, d_sae, offsets, indices: indices.slice(0, entry), values: kept.slice(0, entry) }
}

/** `[nnz]` the row of each entry. */
export function rowsOfEntries({ n, offsets }: Codes): Int32Array {
  const rows = new Int32Array(offsets[n]!)
  for (let row = 0; row < n; row++) rows.fill(row, offsets[row], offsets[row + 1])
  return rows
}
