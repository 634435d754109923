/**
 * A threshold for inference that does not depend on the batch (Bussmann et al. 2024, 2412.06410, section 3): the
 * smallest selected activation, averaged over batches. How it is averaged is our reading: before `averageFrom` steps it
 * is that of the newest batch, then a mean, then an exponential average.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Handle, RawTensorFlow } from '../../../tensors/raw'
import { averaged, averagingRate } from '../../kernels/averages'
import { entriesAbove, smallestPositive } from '../../kernels/largestOverall'
import { averaged as averagedOf } from '../../kernels/reductions'
import type { NamedTensor } from '../../../tensors/arrays'
import type { SelectionInference } from './selection'
import type { SparseSelection } from '../../kernels/selection'

export interface ThresholdAverage {
  /** Steps after which averaging begins. */
  averageFrom: number
  /** Weight of the average so far, once it is exponential. */
  averageDecay: number
}

/** Named tensors of a rule with one threshold for all latents. */
export const THRESHOLD: Record<string, NamedTensor> = { threshold: { shape: [], data: new Float32Array(1) } }

/** @returns the threshold after a batch with activations `z`; as it was where nothing is on */
export function nextThreshold(z: tf.Tensor, threshold: tf.Tensor, step: number, average: ThresholdAverage): tf.Tensor {
  return tf.tidy(() => {
    const smallest = tf.min(tf.where(tf.greater(z, 0), z, tf.fill(z.shape, Infinity)))
    const newest = tf.where(tf.isFinite(smallest), smallest, threshold)
    return averaged(threshold, newest, averagingRate(step - average.averageFrom, 1 - average.averageDecay))
  })
}

/** The same on TensorFlow's kernels. @param values of the selected entries */
export function nextThresholdOf(
  raw: RawTensorFlow,
  values: Handle,
  threshold: Handle,
  step: number,
  average: ThresholdAverage,
): Handle {
  const rate = averagingRate(step - average.averageFrom, 1 - average.averageDecay)
  return raw.tidy(() => averagedOf(raw, threshold, smallestPositive(raw, values, threshold), rate))
}

/** Inference by the tensor `threshold`, `[]` or `[d_sae]`, of the rule's state: a · 1[a > threshold]. */
export const byThreshold: SelectionInference<unknown> = {
  reference: ({ pre, state: { threshold } }) =>
    tf.tidy(() => tf.where(tf.greater(pre, threshold!), tf.relu(pre), tf.zerosLike(pre))),
  tensorflow: (raw, { pre, state: { threshold } }) => sparseAbove(raw, pre, threshold!),
}

function sparseAbove(raw: RawTensorFlow, pre: Handle, threshold: Handle): SparseSelection {
  const [n, d_sae] = pre.shape as [number, number]
  return raw.tidy(() => {
    const positive = raw.run('Maximum', [threshold, raw.scalar(0)])
    return { n, d_sae, ...entriesAbove(raw, pre, positive) }
  })
}
