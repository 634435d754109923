/** Probes that read a few columns, chosen by the difference of class means. */
import { fitLogistic, scores, type LogisticProbe, type Rows } from './logistic'

/** Mean of the class minus mean of the rest, by column. */
export function meanDifferences({ data, n, width }: Rows, positive: Uint8Array): Float64Array {
  const sums = [new Float64Array(width), new Float64Array(width)] as const
  const sizes = [0, 0]
  for (let row = 0; row < n; row++) {
    const side = positive[row] ? 1 : 0
    sizes[side]!++
    const sum = sums[side]
    for (let column = 0; column < width; column++) sum[column]! += data[row * width + column]!
  }
  return sums[1].map((sum, column) => sum / Math.max(1, sizes[1]!) - sums[0][column]! / Math.max(1, sizes[0]!))
}

/** The columns with the largest values, largest first; among equals the lower column. */
export function largest(values: Float64Array, count: number): number[] {
  return [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b).slice(0, count)
}

export function pickColumns({ data, n, width }: Rows, columns: readonly number[]): Rows {
  const picked = new Float64Array(n * columns.length)
  for (let row = 0; row < n; row++) {
    for (const [at, column] of columns.entries()) picked[row * columns.length + at] = data[row * width + column]!
  }
  return { data: picked, n, width: columns.length }
}

/** A probe of some columns, trained on one set of rows, and its predictions for another set: 1 for the class, else 0. */
export function predicted(
  train: Rows,
  positive: Uint8Array,
  test: Rows,
  columns: readonly number[],
): { predictions: Uint8Array; probe: LogisticProbe } {
  const probe = fitLogistic(pickColumns(train, columns), positive)
  const values = scores(probe, pickColumns(test, columns))
  return { predictions: Uint8Array.from(values, (score) => (score > 0 ? 1 : 0)), probe }
}

/**
 * (true positive rate + true negative rate) / 2, every row counted `weight` times.
 * @returns null where one of the two classes has no rows
 */
export function balancedAccuracy(predictions: Uint8Array, positive: Uint8Array, weight?: Float64Array): number | null {
  const right = [0, 0]
  const all = [0, 0]
  for (let row = 0; row < positive.length; row++) {
    const side = positive[row]!
    const times = weight ? weight[row]! : 1
    all[side]! += times
    if (predictions[row] === side) right[side]! += times
  }
  return all[0]! > 0 && all[1]! > 0 ? (right[0]! / all[0]! + right[1]! / all[1]!) / 2 : null
}

/** 2 · true positives / (predicted + actual positives); 0 where there are neither. */
export function f1(predictions: Uint8Array, positive: Uint8Array): number {
  let [both, either] = [0, 0]
  for (let row = 0; row < positive.length; row++) {
    both += predictions[row]! & positive[row]!
    either += predictions[row]! + positive[row]!
  }
  return either === 0 ? 0 : (2 * both) / either
}
