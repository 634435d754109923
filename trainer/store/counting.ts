/** Which positions count in training, statistics and metrics. */

import { PADDING, SINK_FACTOR } from '../positions'

export interface CountingRule {
  contextSize: number
  medianNorm: number
}

/**
 * Rows `[row, …]` of a shard that count, ascending. Left out: padding, the first position of every context, and positions
 * whose norm is above ten times the median, or NaN.
 */
export function countedRows(tokens: Int32Array, norms: Float32Array, rule: CountingRule): Uint32Array {
  const limit = SINK_FACTOR * rule.medianNorm
  const rows = new Uint32Array(tokens.length)
  let count = 0
  for (let row = 0; row < tokens.length; row++) {
    if (row % rule.contextSize !== 0 && tokens[row] !== PADDING && norms[row]! <= limit) rows[count++] = row
  }
  return rows.subarray(0, count)
}

/** Number of positions left out, by reason; a position counts under the first reason that applies. */
export interface ExcludedCounts {
  padding: number
  first: number
  sink: number
}
