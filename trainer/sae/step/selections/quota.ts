/** How many tokens of a batch each latent may take, on the host: `d_sae` numbers. */
import { caps, ranksByDensity, shares, zipfWeights, type ZipfLaw } from '../zipf/law'

export interface Quota {
  /** `[d_sae]` tokens of this batch. */
  caps: Int32Array
  /** `[d_sae]` 0 for the densest. */
  rank: Float32Array
  /** `[d_sae]` what is left of shares below one. */
  credit: Float32Array
}

interface QuotaInput {
  /** Entries of the batch. */
  total: number
  tokens: number
  law: ZipfLaw
  density: Float32Array
  rank: Float32Array
  credit: Float32Array
  /** Whether latents are ranked by `density` in this batch. */
  reranks: boolean
}

/**
 * Whole caps of at least one where the budget is enough for all latents. Otherwise a latent collects its share as credit
 * and takes a token for every whole one: our reading.
 */
export function nextQuota({ total, tokens, law, density, rank: old, credit, reranks }: QuotaInput): Quota {
  const rank = reranks ? ranksByDensity(density) : old.slice()
  const weights = zipfWeights(rank.length, law)
  if (total >= rank.length) {
    const byRank = caps(total, tokens, weights)
    return { caps: Int32Array.from(rank, (at) => byRank[at]!), rank, credit: credit.slice() }
  }
  const byRank = shares(total, weights, 0, tokens)
  const gathered = Float32Array.from(rank, (at, latent) => credit[latent]! + byRank[at]!)
  const whole = Int32Array.from(gathered, (sum) => Math.min(tokens, Math.floor(sum)))
  return { caps: whole, rank, credit: gathered.map((sum, latent) => sum - whole[latent]!) }
}

/** Spread over [0, 1), so that latents with equal shares do not all take tokens in the same batch. */
export function firstCredits(d_sae: number): Float32Array {
  return Float32Array.from({ length: d_sae }, (_, latent) => (latent * 0.6180339887498949) % 1)
}
