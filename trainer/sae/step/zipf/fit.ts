/** Fitting a Zipf law to how often the latents of a dictionary fire. */
import type { ZipfLaw } from './law'

/** A Zipf law fitted to densities: density(r) ≈ scale · (r + offset)^−exponent over ranks r = 1 … */
export interface FittedZipfLaw extends ZipfLaw {
  scale: number
  /** Share of the variance of log density that the law explains, on the ranks it was fitted to. */
  r2: number
  /** How many ranks it was fitted to: the first 90% of those that fire. */
  ranks: number
}

/** The tail of a trained dictionary falls below the law: the law is extrapolated there, not fitted. */
const FITTED_SHARE = 0.9
const FEWEST_RANKS = 10
const LARGEST_OFFSET = 1e4
/** Beyond so many times the ranks, log(rank + offset) is a line in the rank: exponent and offset grow together. */
const MOST_OFFSET_PER_RANK = 10
const FAIR_R2 = 0.8

/**
 * Exponent and offset by least squares in log density against log rank (methods of Ayonrinde 2024 are not known; which
 * ranks count is our reading). For a fixed offset the fit is a line; the offset is searched for.
 * @param density of latents in any order; those at 0 take no rank
 * @returns null where fewer than ten ranks would be fitted, or all densities are equal
 */
export function fitZipf(density: ArrayLike<number>): FittedZipfLaw | null {
  const firing = Float64Array.from(density).filter((value) => value > 0)
  const ranks = Math.floor(FITTED_SHARE * firing.length)
  if (ranks < FEWEST_RANKS) return null
  const logs = firing
    .sort()
    .reverse()
    .subarray(0, ranks)
    .map((value) => Math.log(value))
  if (logs[0] === logs.at(-1)) return null
  const line = (offset: number) => lineThrough(logs, offset)
  const offset = minimise((u) => line(Math.expm1(u)).unexplained, Math.log1p(LARGEST_OFFSET))
  const best = Math.expm1(offset)
  const { slope, intercept, unexplained, variance } = line(best)
  return { exponent: -slope, offset: best, scale: Math.exp(intercept), r2: 1 - unexplained / variance, ranks }
}

/**
 * Why there is no law, or why the fitted law describes the densities badly; null for a good law.
 * @param live how many latents fire
 */
export function zipfDoubt(law: FittedZipfLaw | null, live: number): string | null {
  if (!law) {
    return Math.floor(FITTED_SHARE * live) < FEWEST_RANKS
      ? `${live === 1 ? 'one latent fires' : `${live} latents fire`}, too few to fit a law to`
      : 'the latents fire equally often, so there is no slope to fit'
  }
  const { offset, ranks, r2 } = law
  if (offset > MOST_OFFSET_PER_RANK * ranks || offset > 0.99 * LARGEST_OFFSET)
    return `they fall off unlike any power of the rank: the best offset, ${Math.round(offset)}, is far beyond what ${ranks} ranks can determine`
  if (r2 < FAIR_R2) return `the best law explains only ${(100 * r2).toFixed(0)}% of the variance of log density`
  return null
}

/** Least squares of `logs[r − 1]` on log(r + offset). */
function lineThrough(logs: Float64Array, offset: number) {
  const at = Float64Array.from(logs, (_, i) => Math.log(i + 1 + offset))
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanAt, meanLog] = [mean(at), mean(logs)]
  let [squares, products, variance] = [0, 0, 0]
  for (const [i, log] of logs.entries()) {
    squares += (at[i]! - meanAt) ** 2
    products += (at[i]! - meanAt) * (log - meanLog)
    variance += (log - meanLog) ** 2
  }
  const slope = products / squares
  return { slope, intercept: meanLog - slope * meanAt, unexplained: variance - slope * products, variance }
}

/** Where a function with one minimum on [0, end] is least, by golden sections. */
function minimise(valueAt: (at: number) => number, end: number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [0, end]
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)]
  let [atLeft, atRight] = [valueAt(left), valueAt(right)]
  for (let round = 0; round < 40; round++) {
    if (atLeft <= atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - golden * (high - low)
      atLeft = valueAt(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + golden * (high - low)
      atRight = valueAt(right)
    }
  }
  const middle = (low + high) / 2
  return valueAt(0) <= valueAt(middle) ? 0 : middle
}
