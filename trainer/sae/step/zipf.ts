/**
 * How often each latent may fire, by its rank: the caps of Feature Choice (Ayonrinde 2024, 2411.02124), whose features
 * follow a Zipf law. The paper's fit and its way from features to ranks are not known; this is our reading.
 */

/** w(r) ∝ (r + offset)^−exponent over ranks r = 1 … count, with sum 1. Exponent 0: uniform. */
export interface ZipfLaw {
  exponent: number
  offset: number
}

export function zipfWeights(count: number, { exponent, offset }: ZipfLaw): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, i) => (i + 1 + offset) ** -exponent)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/**
 * `total` spread over ranks in proportion to `weights`, no share outside `[floor, ceiling]`: what is cut off goes to the
 * others (water filling). The shares are clamp(λ w), with the λ that makes their sum `total`.
 */
export function shares(total: number, weights: Float64Array, floor: number, ceiling: number): Float64Array {
  const clamped = (level: number) => weights.map((weight) => Math.min(ceiling, Math.max(floor, level * weight)))
  let [low, high] = [0, ceiling / weights.reduce((least, weight) => Math.min(least, weight))]
  for (let round = 0; round < 80; round++) {
    const middle = (low + high) / 2
    if (clamped(middle).reduce((sum, share) => sum + share, 0) < total) low = middle
    else high = middle
  }
  return clamped(high)
}

/**
 * Whole caps by rank with the sum `total`, none below 1 or above `tokens`; of the rounded shares, those with the largest
 * fraction get one more, the lower rank first.
 * @param total from `weights.length` to `tokens · weights.length`
 */
export function caps(total: number, tokens: number, weights: Float64Array): Int32Array {
  // Shares are exact to about 1e-12; a whole one must not fall below itself.
  const exact = shares(total, weights, 1, tokens).map((share) => Number(share.toFixed(9)))
  const whole = Int32Array.from(exact, Math.floor)
  let missing = total - whole.reduce((sum, cap) => sum + cap, 0)
  const byFraction = Array.from(exact.keys()).sort((a, b) => exact[b]! - whole[b]! - (exact[a]! - whole[a]!) || a - b)
  for (const rank of byFraction) {
    if (missing <= 0) break
    if (whole[rank]! >= tokens) continue
    whole[rank]! += 1
    missing -= 1
  }
  return whole
}

/** `[d_sae]` the place of each latent by falling density, 0 the densest; among equals the lowest index first. */
export function ranksByDensity(density: Float32Array): Float32Array {
  const ranks = new Float32Array(density.length)
  const order = Array.from(density.keys()).sort((a, b) => density[b]! - density[a]! || a - b)
  for (const [rank, latent] of order.entries()) ranks[latent] = rank
  return ranks
}

/** A Zipf law as found in densities: density(r) ≈ scale · (r + offset)^−exponent over ranks r = 1 … */
export interface FittedZipfLaw extends ZipfLaw {
  scale: number
  /** Share of the variance of log density that the law explains, on the ranks it was fitted to. */
  r2: number
  /** How many ranks it was fitted to: the first 90% of those that fire. */
  ranks: number
}

/** The tail of a trained dictionary falls below the law: it is extrapolated to, not fitted. */
const FITTED_SHARE = 0.9
const FEWEST_RANKS = 10
const LARGEST_OFFSET = 1e4
/** Beyond so many times the ranks, log(rank + offset) is a line in the rank: exponent and offset grow together. */
const MOST_OFFSET_PER_RANK = 10
const FAIR_R2 = 0.8

/**
 * Exponent and offset by least squares in log density against log rank (methods of Ayonrinde 2024 are not known; which
 * ranks count is our reading). For a given offset the fit is a line; the offset is searched for.
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
 * Why no law was fitted, or why the one that was says little of the densities; null for one to be believed.
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
    return `they fall off unlike any power of the rank: the best offset, ${Math.round(offset)}, is far beyond what ${ranks} ranks can tell`
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

/** Where a function of one minimum on [0, end] is least, by golden sections. */
function minimise(of: (at: number) => number, end: number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [0, end]
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)]
  let [atLeft, atRight] = [of(left), of(right)]
  for (let round = 0; round < 40; round++) {
    if (atLeft <= atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - golden * (high - low)
      atLeft = of(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + golden * (high - low)
      atRight = of(right)
    }
  }
  const middle = (low + high) / 2
  return of(0) <= of(middle) ? 0 : middle
}
