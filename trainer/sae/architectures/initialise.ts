/** First weights. */
import * as tf from '@tensorflow/tfjs-core'
import { createRandom } from '../../tensors/random'
import { tidyToHost } from '../../tensors/tidyToHost'
import { geometricMedian, type Calibration, type CalibrationSample } from './calibrate'
import { leastSquaresMap } from './linearMap'
import type { Parameters } from '../step/spec'
import { randomDirections } from '../../tensors/arrays'

/**
 * First weights after Gao et al. 2024, section A.1: decoder rows are random directions of norm 1, W_enc = W_decᵀ bit
 * for bit, b_enc = 0, b_dec = geometric median.
 */
export function tiedParameters(
  { d_in, d_sae, seed }: { d_in: number; d_sae: number; seed: number },
  { centre }: Pick<Calibration, 'centre'>,
): Parameters {
  const W_dec = randomDirections(d_sae, d_in, createRandom(`initial weights ${seed}`))
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

/** The same, with biases that let about k latents through at the first step (our reading), if there is a k. */
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
 * The value that a share of the first pre-activations exceeds, in scaled units: first latents are random directions, along
 * which inputs have about the variance of one dimension, 1 / mseScale.
 */
export function thresholdOfFirst(share: number, { mseScale }: Pick<Calibration, 'mseScale'>): number {
  return upperQuantile(share) / Math.sqrt(mseScale)
}

/** The value that a standard normal variable exceeds with probability p ≤ 1/2, to 5e-4 (Abramowitz and Stegun 1964, 26.2.23); 0 for larger p. */
export function upperQuantile(p: number): number {
  if (p >= 0.5) return 0
  const t = Math.sqrt(-2 * Math.log(p))
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  return t - numerator / denominator
}

/**
 * First weights of a transcoder. Encoder columns are random directions of norm 1, as everywhere. Decoder rows are the images
 * of these directions under the best linear map from inputs to targets, at norm 1 (with inputs as targets these are tied
 * weights). The encoder does not subtract a bias from its inputs, so b_enc = −centre of the inputs · W_enc. b_dec =
 * geometric median of the targets. Our reading: with independent decoders and biases of 0, half of the latents die within
 * fifty steps. (sparsify starts with a decoder of zeros.)
 */
export function transcoderParameters(
  { d_in, d_out, d_sae, seed }: { d_in: number; d_out: number; d_sae: number; seed: number },
  { centre, inputScale }: Pick<Calibration, 'centre' | 'inputScale'>,
  { x, target }: CalibrationSample,
): Parameters {
  const { W_enc } = tiedParameters({ d_in, d_sae, seed }, { centre })
  const encoder = W_enc!.data
  const map = leastSquaresMap(x, target!, x.length / d_in)
  const inputCentre = geometricMedian(x, d_in, inputScale)
  const [b_enc, written] = tidyToHost(() => {
    const columns = tf.tensor2d(encoder, [d_in, d_sae])
    const bias = tf.neg(tf.matMul(tf.tensor2d(inputCentre, [1, d_in]), columns))
    const rows = tf.matMul(columns, tf.tensor2d(map, [d_in, d_out]), true)
    return [bias, rows].map((tensor) => tensor.dataSync<'float32'>().slice())
  })
  // Rows that the map sends to zero stay random.
  const W_dec = randomDirections(d_sae, d_out, createRandom(`initial decoder ${seed}`))
  for (let at = 0; at < W_dec.length; at += d_out) {
    const row = written!.subarray(at, at + d_out)
    const norm = Math.hypot(...row)
    if (norm > 0) for (let i = 0; i < d_out; i++) W_dec[at + i] = row[i]! / norm
  }
  return {
    W_enc: W_enc!,
    b_enc: { shape: [d_sae], data: b_enc! },
    W_dec: { shape: [d_sae, d_out], data: W_dec },
    b_dec: { shape: [d_out], data: centre.slice() },
  }
}
