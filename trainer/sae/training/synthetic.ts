/** Activations made from known directions, so that the directions a dictionary finds can be checked. */
import { z } from 'zod'
import { createRandom, type Random } from '../../tensors/random'
import type { Batch } from './train'
import { norm, randomDirections } from '../../tensors/arrays'

/** The recipe; its defaults are the one on which trainers are compared: 256 directions in 64 dimensions, about five active. */
export const SyntheticSpec = z.strictObject({
  d_in: z.int().positive().max(65_536).default(64).describe('Width of the activations'),
  directions: z.int().positive().max(1_000_000).default(256).describe('Known unit directions'),
  meanActive: z.number().positive().default(5).describe('Mean number of active directions per sample'),
  exponent: z
    .number()
    .nonnegative()
    .default(0.8)
    .describe('Direction i is active in proportion to (i + offset)^-exponent'),
  offset: z.number().positive().default(4).describe('Offset of that law'),
  spread: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'How much samples differ in their number of active directions, beyond chance. 0: not at all; 1: from none to twice the mean',
    ),
  hierarchy: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('Share of the directions, the rarest, that are active only where their parent, a common one, is'),
  correlation: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Chance that the draw of a group of eight decides whether a direction is active, not a separate draw'),
  noise: z.number().nonnegative().default(0).describe('Standard deviation of Gaussian noise in every dimension'),
  seed: z.int().nonnegative().default(0).describe('Seed of the directions and of the samples'),
})
export type SyntheticSpec = z.output<typeof SyntheticSpec>

export const SYNTHETIC_DEFAULTS: SyntheticSpec = SyntheticSpec.parse({})

/** Directions that may be active by one draw. */
const GROUP = 8

export interface SyntheticData {
  /** `[directions, d_in]`, unit rows */
  directions: Float32Array
  /** `[samples, d_in]` */
  x: Float32Array
  /** `[samples]`: how many directions each sample is made of */
  active: Uint16Array
}

/**
 * Direction i (from 0) is active with probability ∝ (i + offset)^−exponent, scaled to a mean of `meanActive`; its
 * magnitude is |N(1, 0.3)|. Every direction keeps that probability under `spread`, `hierarchy` and `correlation` as long
 * as none of them would have to exceed 1. Equal specifications have equal directions; `stream` draws other samples.
 */
export function syntheticData(options: Partial<SyntheticSpec>, samples: number, stream = 'train'): SyntheticData {
  const spec = { ...SYNTHETIC_DEFAULTS, ...options }
  const { d_in, directions: count, seed, noise } = spec
  const directions = randomDirections(count, d_in, createRandom(`synthetic directions ${seed}`))
  const random = createRandom(`synthetic ${stream} ${seed}`)
  const draw = activity(spec, random)
  const x = new Float32Array(samples * d_in)
  const active = new Uint16Array(samples)
  for (let sample = 0; sample < samples; sample++) {
    const row = x.subarray(sample * d_in, (sample + 1) * d_in)
    const isOn = draw()
    for (let i = 0; i < count; i++) {
      if (!isOn(i)) continue
      active[sample]!++
      const magnitude = Math.abs(1 + 0.3 * random.normal())
      for (let j = 0; j < d_in; j++) row[j]! += magnitude * directions[i * d_in + j]!
    }
    if (noise > 0) for (let j = 0; j < d_in; j++) row[j]! += noise * random.normal()
  }
  return { directions, x, active }
}

/** Begins a sample each time it is called. The result says of each direction, in order, whether it is active. */
function activity(spec: SyntheticSpec, random: Random): () => (i: number) => boolean {
  const { directions: count, spread, hierarchy, correlation } = spec
  const probabilities = marginals(spec)
  const firstChild = count - Math.floor(hierarchy * count)
  const parentOf = (i: number) => (i < firstChild ? undefined : (i - firstChild) % firstChild)
  return () => {
    const intensity = spread > 0 ? 1 + spread * (2 * random.next() - 1) : 1
    const groups = correlation > 0 ? Array.from({ length: Math.ceil(count / GROUP) }, () => random.next()) : []
    const on = new Uint8Array(count)
    return (i) => {
      const parent = parentOf(i)
      if (parent !== undefined && on[parent] === 0) return false
      const draw = correlation > 0 && random.next() < correlation ? groups[Math.floor(i / GROUP)]! : random.next()
      const chance = parent === undefined ? intensity * probabilities[i]! : probabilities[i]! / probabilities[parent]!
      on[i] = draw < chance ? 1 : 0
      return on[i] === 1
    }
  }
}

function marginals({ directions: count, meanActive, exponent, offset }: SyntheticSpec): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + offset) ** -exponent)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => Math.min(1, (meanActive * weight) / total))
}

/** For each true direction, the largest cosine with a decoder row. `[directions]` */
export function bestCosines(directions: Float32Array, W_dec: Float32Array, d_in: number): Float64Array {
  const norms = Float64Array.from({ length: W_dec.length / d_in }, (_, latent) =>
    norm(W_dec.subarray(latent * d_in, (latent + 1) * d_in)),
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

/** Endless batches over rows in memory, which repeat. */
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
