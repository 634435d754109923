/** Example contexts of a feature. */
import { createRandom } from '../tensors/random'
import { drawDistinct } from './draw'
import { EXAMPLE_WINDOW, type FeatureExample, type QuantileInterval } from './types'

export const TOP_EXAMPLES = 20
export const INTERVAL_EXAMPLES = 5
export const RANDOM_EXAMPLES = 10

/** Five intervals of a feature's own activations: 0-25, 25-50, 50-90, 90-99 and 99-100 %. */
export const QUANTILE_EDGES = [0, 0.25, 0.5, 0.9, 0.99, 1] as const

/** One feature's firings. */
export interface Column {
  feature: number
  /** Rows of the harvest, ascending: context × context size + position. */
  rows: Int32Array
  values: Float32Array
  /** Indices of `values`, largest first. */
  order: Uint32Array
}

export interface ColumnExamples {
  top: FeatureExample[]
  intervals: QuantileInterval[]
  random: FeatureExample[]
}

/** The examples of one feature: strongest contexts, draws from its quantile intervals, draws from all firings. */
export function selectExamples(column: Column, contextSize: number, seed: number): ColumnExamples {
  const random = createRandom(`examples ${seed} feature ${column.feature}`)
  const example = exampleBuilder(column, contextSize)
  const contextOf = (entry: number): number => Math.floor(column.rows[entry]! / contextSize)
  const draw = (fromRank: number, toRank: number, want: number): FeatureExample[] => {
    const seen = new Set<number>()
    const ranks = drawDistinct(random, toRank - fromRank, want, (rank) => {
      const context = contextOf(column.order[fromRank + rank]!)
      return !seen.has(context) && seen.add(context) !== undefined
    })
    return ranks.sort((a, b) => a - b).map((rank) => example(column.order[fromRank + rank]!))
  }
  return {
    top: strongestContexts(column, contextOf).map(example),
    intervals: quantileIntervals(column, draw),
    random: draw(0, column.order.length, RANDOM_EXAMPLES),
  }
}

/** The first entry of each context in descending order is its peak. */
function strongestContexts(column: Column, contextOf: (entry: number) => number): number[] {
  const seen = new Set<number>()
  const entries: number[] = []
  for (let rank = 0; rank < column.order.length && entries.length < TOP_EXAMPLES; rank++) {
    const entry = column.order[rank]!
    if (seen.has(contextOf(entry))) continue
    seen.add(contextOf(entry))
    entries.push(entry)
  }
  return entries
}

/** Interval j holds the ascending ranks ⌊q_j n⌋ … ⌊q_{j+1} n⌋ - 1: true quantiles, each firing in one interval. */
function quantileIntervals(
  column: Column,
  draw: (fromRank: number, toRank: number, want: number) => FeatureExample[],
): QuantileInterval[] {
  const n = column.order.length
  const valueAt = (share: number): number =>
    n === 0 ? 0 : column.values[column.order[n - 1 - Math.min(n - 1, Math.floor(share * n))]!]!
  return QUANTILE_EDGES.slice(1).map((to, j) => {
    const from = QUANTILE_EDGES[j]!
    // Ascending rank r is descending rank n - 1 - r.
    const examples = draw(n - Math.floor(to * n), n - Math.floor(from * n), INTERVAL_EXAMPLES)
    return { from, to, lower: valueAt(from), upper: valueAt(to), examples }
  })
}

/** Makes examples of entries; examples of one context share their lists where the window covers the context. */
function exampleBuilder(column: Column, contextSize: number): (entry: number) => FeatureExample {
  const shared = new Map<number, Pick<FeatureExample, 'positions' | 'values'>>()
  return (entry) => {
    const row = column.rows[entry]!
    const context = Math.floor(row / contextSize)
    const position = row - context * contextSize
    const first = Math.max(0, position - EXAMPLE_WINDOW)
    const last = Math.min(contextSize - 1, position + EXAMPLE_WINDOW)
    const whole = first === 0 && last === contextSize - 1
    const lists =
      (whole ? shared.get(context) : undefined) ?? firingsBetween(column, context * contextSize, first, last)
    if (whole) shared.set(context, lists)
    return { context, position, activation: column.values[entry]!, ...lists }
  }
}

function firingsBetween(
  column: Column,
  base: number,
  first: number,
  last: number,
): Pick<FeatureExample, 'positions' | 'values'> {
  const positions: number[] = []
  const values: number[] = []
  for (let entry = lowerBound(column.rows, base + first); entry < column.rows.length; entry++) {
    const position = column.rows[entry]! - base
    if (position > last) break
    positions.push(position)
    values.push(column.values[entry]!)
  }
  return { positions, values }
}

/** First index whose row is at least `row`. */
function lowerBound(rows: Int32Array, row: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]! < row) low = middle + 1
    else high = middle
  }
  return low
}
