/** Activations made from known directions, so that what a dictionary finds can be told from what is there. */
import { createRandom, type Random } from '../tensors/random'
import type { Batch } from './train'

export interface SyntheticSpec {
  d_in: number
  /** Known directions. */
  directions: number
  /** Mean number of active directions per sample. */
  meanActive: number
  seed: number
}

/** 256 directions in 64 dimensions, about five active: the recipe on which trainers are compared. */
export const SYNTHETIC_DEFAULTS: SyntheticSpec = { d_in: 64, directions: 256, meanActive: 5, seed: 0 }

export interface SyntheticData {
  /** `[directions, d_in]`, unit rows */
  directions: Float32Array
  /** `[samples, d_in]` */
  x: Float32Array
}

/**
 * Direction i is active with probability ∝ (i + 4)^−0.8, scaled to a mean of `meanActive` active ones; its magnitude is
 * |N(1, 0.3)|; no noise. Equal specifications give equal directions; `stream` draws other samples of them.
 */
export function syntheticData(spec: SyntheticSpec, samples: number, stream = 'train'): SyntheticData {
  const { d_in, directions: count, meanActive, seed } = spec
  const directions = unitDirections(count, d_in, createRandom(`synthetic directions ${seed}`))
  const weights = Array.from({ length: count }, (_, i) => (i + 4) ** -0.8)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const probabilities = weights.map((weight) => Math.min(1, (meanActive * weight) / total))
  const random = createRandom(`synthetic ${stream} ${seed}`)
  const x = new Float32Array(samples * d_in)
  for (let at = 0; at < x.length; at += d_in) {
    for (let i = 0; i < count; i++) {
      if (random.next() >= probabilities[i]!) continue
      const magnitude = Math.abs(1 + 0.3 * random.normal())
      for (let j = 0; j < d_in; j++) x[at + j]! += magnitude * directions[i * d_in + j]!
    }
  }
  return { directions, x }
}

function unitDirections(count: number, d_in: number, random: Random): Float32Array {
  const directions = new Float32Array(count * d_in)
  for (let i = 0; i < count; i++) {
    const own = directions.subarray(i * d_in, (i + 1) * d_in)
    for (let j = 0; j < d_in; j++) own[j] = random.normal()
    const norm = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0))
    for (let j = 0; j < d_in; j++) own[j]! /= norm
  }
  return directions
}

/** For each true direction, the largest cosine with a decoder row. `[directions]` */
export function bestCosines(directions: Float32Array, W_dec: Float32Array, d_in: number): Float64Array {
  const norms = Float64Array.from({ length: W_dec.length / d_in }, (_, latent) =>
    Math.sqrt(W_dec.subarray(latent * d_in, (latent + 1) * d_in).reduce((sum, value) => sum + value * value, 0)),
  )
  return Float64Array.from({ length: directions.length / d_in }, (_, i) => {
    let best = -1
    for (let latent = 0; latent < norms.length; latent++) {
      let product = 0
      for (let j = 0; j < d_in; j++) product += directions[i * d_in + j]! * W_dec[latent * d_in + j]!
      best = Math.max(best, product / norms[latent]!)
    }
    return best
  })
}

/** Batches over rows in memory, round and round. */
export function* rowBatches(
  rows: Float32Array,
  d_in: number,
  batchSize: number,
  startRow: number,
): Generator<Batch, never, undefined> {
  const count = rows.length / d_in
  for (let row = startRow; ; row += batchSize) {
    const x = new Float32Array(batchSize * d_in)
    for (let i = 0; i < batchSize; i++) {
      const from = ((row + i) % count) * d_in
      x.set(rows.subarray(from, from + d_in), i * d_in)
    }
    yield { x, row }
  }
}
