import { createRandom } from '../tensors/random'
import type { Calibration } from './calibrate'
import type { Parameters } from './spec'

/**
 * First weights after Gao et al. 2024, section A.1: decoder rows are random directions of norm 1, W_enc = W_decᵀ bit
 * for bit, b_enc = 0, b_dec = geometric median.
 */
export function tiedParameters(
  { d_in, d_sae, seed }: { d_in: number; d_sae: number; seed: number },
  { centre }: Pick<Calibration, 'centre'>,
): Parameters {
  const W_dec = unitRows(d_sae, d_in, `initial weights ${seed}`)
  const W_enc = new Float32Array(d_in * d_sae)
  for (let latent = 0; latent < d_sae; latent++) {
    for (let i = 0; i < d_in; i++) W_enc[i * d_sae + latent] = W_dec[latent * d_in + i]!
  }
  return {
    W_enc: { shape: [d_in, d_sae], data: W_enc },
    b_enc: { shape: [d_sae], data: new Float32Array(d_sae) },
    W_dec: { shape: [d_sae, d_in], data: W_dec },
    b_dec: { shape: [d_in], data: centre.slice() },
  }
}

/** The same with biases below which about k latents are on at the first step (our reading), if there is a k. */
export function sparseParameters(
  config: { d_in: number; d_sae: number; seed: number; k?: number | undefined },
  calibration: Pick<Calibration, 'centre' | 'mseScale'>,
): Parameters {
  const parameters = tiedParameters(config, calibration)
  const { k, d_sae } = config
  if (k === undefined) return parameters
  const b_enc = new Float32Array(d_sae).fill(-thresholdOfFirst(k / d_sae, calibration))
  return { ...parameters, b_enc: { shape: [d_sae], data: b_enc } }
}

/**
 * What a share of the first pre-activations lies above, in scaled units: first latents are random directions, along which
 * inputs have about the variance of one dimension, 1 / mseScale.
 */
export function thresholdOfFirst(share: number, { mseScale }: Pick<Calibration, 'mseScale'>): number {
  return upperQuantile(share) / Math.sqrt(mseScale)
}

/** What a standard normal variable passes with probability p ≤ 1/2, to 5e-4 (Abramowitz and Stegun 1964, 26.2.23); 0 above. */
export function upperQuantile(p: number): number {
  if (p >= 0.5) return 0
  const t = Math.sqrt(-2 * Math.log(p))
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  return t - numerator / denominator
}

/**
 * First weights of a transcoder: encoder columns and decoder rows are independent random directions of norm 1, since input
 * and output are different spaces; b_dec = geometric median of the targets. The encoder sees inputs without a bias taken
 * off, so b_enc = −inputCentre · W_enc takes it off (our reading): from 0, what all tokens have in common chooses the
 * latents, and the rest never fire. (sparsify begins with a decoder of zeros; with rows of norm 1 an activation is the size
 * of what it writes, as everywhere here.)
 */
export function untiedParameters(
  { d_in, d_out, d_sae, seed }: { d_in: number; d_out: number; d_sae: number; seed: number },
  { centre, inputCentre }: Pick<Calibration, 'centre' | 'inputCentre'>,
): Parameters {
  const { W_enc } = tiedParameters({ d_in, d_sae, seed }, { centre })
  const b_enc = new Float32Array(d_sae)
  for (let i = 0; i < d_in; i++) {
    for (let latent = 0; latent < d_sae; latent++) b_enc[latent]! -= inputCentre[i]! * W_enc!.data[i * d_sae + latent]!
  }
  const W_dec = unitRows(d_sae, d_out, `initial decoder ${seed}`)
  return {
    W_enc: W_enc!,
    b_enc: { shape: [d_sae], data: b_enc },
    W_dec: { shape: [d_sae, d_out], data: W_dec },
    b_dec: { shape: [d_out], data: centre.slice() },
  }
}

/** `[rows, width]` independent uniform directions. */
function unitRows(rows: number, width: number, seed: string): Float32Array {
  const random = createRandom(seed)
  const matrix = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const own = matrix.subarray(row * width, (row + 1) * width)
    for (let i = 0; i < width; i++) own[i] = random.normal()
    const norm = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0))
    for (let i = 0; i < width; i++) own[i]! /= norm
  }
  return matrix
}
