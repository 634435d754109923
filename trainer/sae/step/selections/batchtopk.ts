/** The largest latents of a whole batch. */
import * as tf from '@tensorflow/tfjs-core'
import type { Handle, RawTensorFlow } from '../../../tensors/raw'
import { largestOverall } from '../../kernels/largestOverall'
import type { SelectionRule } from './selection'
import type { SparseSelection } from '../../kernels/selection'
import { byThreshold, nextThreshold, nextThresholdOf, THRESHOLD, type ThresholdAverage } from './threshold'
import { keepLargest } from './topk'

/**
 * The M = round(k n) largest positive entries of a batch of n tokens, wherever they are: BatchTopK (Bussmann et al. 2024,
 * 2412.06410, equation 5), which is Mutual Choice (Ayonrinde 2024, 2411.02124): Σ S ≤ M alone. Ties go to the lowest flat
 * index.
 */
export interface BatchTopkSelection extends ThresholdAverage {
  rule: 'batchtopk'
  /** Mean number of latents per token. */
  k: number
}

export const batchtopk: SelectionRule<BatchTopkSelection> = {
  name: 'batchtopk',
  needsGradient: false,
  problem: ({ k }, d_sae) => (k > d_sae ? `k is ${k}, but there are only ${d_sae} latents` : undefined),
  state: () => THRESHOLD,
  reference({ pre, step, state }, spec) {
    const z = rectifiedLargestOverall(pre, spec.k)
    return { z, state: { threshold: nextThreshold(z, state['threshold']!, step, spec) } }
  },
  tensorflow(raw, { pre, step, state }, spec) {
    const selection = sparseLargestOverall(raw, pre, spec.k)
    return { selection, state: { threshold: nextThresholdOf(raw, selection.values, state['threshold']!, step, spec) } }
  },
  inference: byThreshold,
}

export function rectifiedLargestOverall(pre: tf.Tensor2D, k: number): tf.Tensor2D {
  return tf.tidy(() => {
    const kept = keepLargest(tf.reshape<tf.Rank.R2>(pre, [1, pre.size]), budget(k, pre.shape[0]))
    return tf.mul(tf.relu(pre), tf.reshape<tf.Rank.R2>(kept, pre.shape))
  })
}

export function sparseLargestOverall(raw: RawTensorFlow, pre: Handle, k: number): SparseSelection {
  const [n, d_sae] = pre.shape as [number, number]
  return { n, d_sae, ...largestOverall(raw, pre, budget(k, n)) }
}

/** M, entries of a batch of `n` tokens. */
export function budget(k: number, n: number): number {
  return Math.max(1, Math.round(k * n))
}
