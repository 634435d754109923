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
