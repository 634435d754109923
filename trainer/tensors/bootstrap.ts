/** Uncertainty of figures, estimated by drawing with replacement (bootstrap). */
import type { Random } from './random'

export interface Interval {
  value: number
  /** 2.5th and 97.5th percentile of the bootstrap. */
  low: number
  high: number
}

/** Draws as many items as the list has, with replacement. */
export function resample<T>(random: Random, items: readonly T[]): T[] {
  return items.map(() => items[random.int(items.length)]!)
}

/** How often each of `n` items is drawn in one bootstrap sample. */
export function drawCounts(random: Random, n: number): Float64Array {
  const counts = new Float64Array(n)
  for (let draw = 0; draw < n; draw++) counts[random.int(n)]!++
  return counts
}

/**
 * A figure with its 95 % percentile interval.
 * @param value the figure of the whole data
 * @param draw returns the figure of one bootstrap sample
 */
export function bootstrapInterval(value: number, draws: number, draw: () => number): Interval {
  const values = Float64Array.from({ length: draws }, draw).sort()
  return { value, low: quantile(values, 0.025), high: quantile(values, 0.975) }
}

/** The value at this share of the sorted list, without interpolation; NaN for an empty list. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  return ascending[Math.round(share * (ascending.length - 1))] ?? NaN
}
