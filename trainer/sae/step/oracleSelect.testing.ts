/** Which entries are on, by the definitions and with plain sorts: for the oracle. */
import type { SelectionSpec } from '.'
import { caps, zipfWeights } from './zipf/law'

export interface OracleScores {
  /** `[n, d_sae]` */
  pre: Float64Array
  n: number
  d_sae: number
  /** `[d_sae, d_out]` */
  W_dec: Float64Array
  /** `[n, d_out]` */
  gradient?: ArrayLike<number>
}

/** Flat places of the entries that a ranking selects; Feature Choice as in its first batch, latents ranked by index. */
export function selectedPlaces(spec: SelectionSpec, scores: OracleScores): number[] {
  const { pre, n, d_sae } = scores
  const row = (t: number) => Array.from({ length: d_sae }, (_, f) => t * d_sae + f)
  const column = (f: number) => Array.from({ length: n }, (_, t) => t * d_sae + f)
  const best = (values: Float64Array, places: number[], k: number) =>
    largest(
      Float64Array.from(places, (place) => values[place]!),
      k,
    ).map((index) => places[index]!)
  const rows = Array.from({ length: n }, (_, t) => t)
  if (spec.rule === 'topk') return rows.flatMap((t) => best(pre, row(t), spec.k))
  if (spec.rule === 'batchtopk') return best(pre, Array.from(pre.keys()), Math.round(spec.k * n))
  if (spec.rule === 'gradient') return rows.flatMap((t) => best(gradientScores(scores, spec.beta), row(t), spec.k))
  if (spec.rule === 'feature-choice') {
    const byRank = caps(Math.round(spec.k * n), n, zipfWeights(d_sae, spec))
    return Array.from(byRank).flatMap((cap, f) => best(pre, column(f), cap))
  }
  throw new Error(`the oracle has no definition of the selection rule "${spec.rule}"`)
}

/** a (1 + beta |g W_decᵀ|), the gradient divided by its root mean square. */
function gradientScores({ pre, n, d_sae, W_dec, gradient }: OracleScores, beta: number): Float64Array {
  const d_out = W_dec.length / d_sae
  const effect = pre.map((_, at) => {
    const [t, f] = [Math.floor(at / d_sae), at % d_sae]
    let sum = 0
    for (let j = 0; j < d_out; j++) sum += gradient![t * d_out + j]! * W_dec[f * d_out + j]!
    return sum
  })
  const rms = Math.sqrt(effect.reduce((sum, value) => sum + value * value, 0) / (n * d_sae))
  return pre.map((value, at) => value * (1 + (beta * Math.abs(effect[at]!)) / rms))
}

/** Indices of the k largest values, the lowest index first among equals. */
export function largest(values: Float64Array, k: number): number[] {
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b)
  return order.slice(0, k)
}
