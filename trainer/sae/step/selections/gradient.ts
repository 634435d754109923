/** The k latents of a token with the most activation and effect on the loss. */
import * as tf from '@tensorflow/tfjs-core'
import { attribute, type Handle, type RawTensorFlow } from '../../../tensors/raw'
import { averaged, averagingRate } from '../../kernels/averages'
import { packed } from '../../kernels/places'
import { averaged as averagedOf } from '../../kernels/reductions'
import { largestPerRow } from '../../kernels/topk'
import type { ReferenceBatch, SelectionRule, TensorflowBatch } from './selection'
import { byThreshold, nextThreshold, nextThresholdOf, THRESHOLD, type ThresholdAverage } from './threshold'
import { keepLargest, rectifiedLargest, sparseLargest } from './topk'

/** What |g W_decᵀ| is divided by. */
export const GRADIENT_NORMALISATIONS = ['rms', 'raw', 'token-max'] as const
export const GRADIENT_INFERENCES = ['no-gradient', 'threshold'] as const

/**
 * Gradient SAE (Olmo et al. 2024, 2411.10397): the k latents of a token with the largest a · (1 + β |g W_decᵀ|), with g =
 * dLoss/dx at the clean activation. The gradient ranks alone: values stay a, and no gradient flows through the score.
 * Our reading: how |g W_decᵀ| is normalised (`rms`: by its root mean square over recent batches, so that β has no unit;
 * `token-max`: by the largest of the token; `raw`: not at all), and what ranks at inference, where there is no gradient.
 */
export interface GradientSelection extends ThresholdAverage {
  rule: 'gradient'
  k: number
  beta: number
  normalisation: (typeof GRADIENT_NORMALISATIONS)[number]
  /** Plain TopK, or every activation above the averaged threshold. */
  inference: (typeof GRADIENT_INFERENCES)[number]
}

/** Weight of the newest batch in the mean square of `rms`, once it has run for long. */
const MEAN_SQUARE_RATE = 1e-3

export const gradient: SelectionRule<GradientSelection> = {
  name: 'gradient',
  needsGradient: true,
  problem: ({ k }, d_sae) => (k > d_sae ? `k is ${k}, but there are only ${d_sae} latents` : undefined),
  state: () => ({ ...THRESHOLD, gradientMeanSquare: { shape: [], data: new Float32Array(1) } }),

  reference(batch, spec) {
    const { pre, step, state } = batch
    const { boost, meanSquare } = boostOf(batch, spec)
    const kept = keepLargest(tf.mul<tf.Tensor2D>(pre, tf.add(boost, 1)), spec.k)
    const z = tf.mul<tf.Tensor2D>(tf.relu(pre), kept)
    const threshold = nextThreshold(z, state['threshold']!, step, spec)
    return { z, state: { threshold, gradientMeanSquare: meanSquare } }
  },

  tensorflow(raw, batch, spec) {
    const { pre, step, state } = batch
    const [n, d_sae] = pre.shape as [number, number]
    return raw.tidy(() => {
      const { score, meanSquare } = scoreOf(raw, batch, spec)
      const { rows, columns } = largestPerRow(raw, score, spec.k)
      const values = raw.run('Relu', [raw.run('GatherNd', [pre, packed(raw, rows, columns)])])
      const threshold = nextThresholdOf(raw, values, state['threshold']!, step, spec)
      return {
        selection: { n, d_sae, perRow: spec.k, rows, columns, values },
        state: { threshold, gradientMeanSquare: meanSquare },
      }
    })
  },

  inference: {
    reference: (batch, spec) =>
      spec.inference === 'threshold' ? byThreshold.reference(batch, spec) : rectifiedLargest(batch.pre, spec.k),
    tensorflow: (raw, batch, spec) =>
      spec.inference === 'threshold' ? byThreshold.tensorflow(raw, batch, spec) : sparseLargest(raw, batch.pre, spec.k),
  },
}

/** β |g W_decᵀ| / norm, `[n, d_sae]`, and the running mean square of g W_decᵀ. */
function boostOf({ W_dec, gradient: g, step, state }: ReferenceBatch, { beta, normalisation }: GradientSelection) {
  const effect = tf.abs<tf.Tensor2D>(tf.matMul(g!, W_dec, false, true))
  const old = state['gradientMeanSquare']!
  if (normalisation === 'raw') return { boost: tf.mul(effect, beta), meanSquare: old }
  if (normalisation === 'token-max') {
    return { boost: tf.mul(tf.divNoNan(effect, tf.max(effect, 1, true)), beta), meanSquare: old }
  }
  const meanSquare = averaged(old, tf.mean(tf.square(effect)), averagingRate(step, MEAN_SQUARE_RATE))
  return { boost: tf.mul(effect, tf.divNoNan(tf.scalar(beta), tf.sqrt(meanSquare))), meanSquare }
}

/** pre · (1 + β |g W_decᵀ| / norm), and the running mean square, on TensorFlow's kernels. */
function scoreOf(
  raw: RawTensorFlow,
  { pre, W_dec, gradient: g, step, state }: TensorflowBatch,
  { beta, normalisation }: GradientSelection,
): { score: Handle; meanSquare: Handle } {
  // As large as the pre-activations, each of these: freed as soon as the next one is there.
  const effect = raw.tidy(() => raw.run('Abs', [raw.run('MatMul', [g!, W_dec], [attribute.bool('transpose_b', true)])]))
  const old = state['gradientMeanSquare']!
  const scored = (factor: Handle) => {
    const boost = raw.run('Mul', [effect, factor])
    raw.free(effect)
    const weight = raw.run('AddV2', [boost, raw.scalar(1)])
    raw.free(boost)
    const score = raw.run('Mul', [pre, weight])
    raw.free(weight)
    return score
  }
  if (normalisation === 'raw') return { score: scored(raw.scalar(beta)), meanSquare: old }
  if (normalisation === 'token-max') {
    const largest = raw.run('Max', [effect, raw.integers([1])], [attribute.bool('keep_dims', true)])
    return { score: scored(raw.run('DivNoNan', [raw.scalar(beta), largest])), meanSquare: old }
  }
  const [n, d_sae] = pre.shape as [number, number]
  const newest = raw.run('Mul', [raw.run('L2Loss', [effect]), raw.scalar(2 / (n * d_sae))])
  const meanSquare = averagedOf(raw, old, newest, averagingRate(step, MEAN_SQUARE_RATE))
  return { score: scored(raw.run('DivNoNan', [raw.scalar(beta), raw.run('Sqrt', [meanSquare])])), meanSquare }
}
