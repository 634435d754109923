/** The k largest latents of a token. */
import * as tf from '@tensorflow/tfjs-core'
import type { Handle, RawTensorFlow } from '../../../tensors/raw'
import { largestPerRow } from '../../kernels/topk'
import type { SelectionRule } from './selection'
import type { SparseSelection } from '../../kernels/selection'

/** Gao et al. 2024 (2406.04093), equation 1: the k largest pre-activations of a token; selected first, rectified after. */
export interface TopkSelection {
  rule: 'topk'
  k: number
}

export const topk: SelectionRule<TopkSelection> = {
  name: 'topk',
  needsGradient: false,
  problem: ({ k }, d_sae) => (k > d_sae ? `k is ${k}, but there are only ${d_sae} latents` : undefined),
  state: () => ({}),
  reference: ({ pre }, { k }) => ({ z: rectifiedLargest(pre, k), state: {} }),
  tensorflow: (raw, { pre }, { k }) => ({ selection: sparseLargest(raw, pre, k), state: {} }),
  inference: {
    reference: ({ pre }, { k }) => rectifiedLargest(pre, k),
    tensorflow: (raw, { pre }, { k }) => sparseLargest(raw, pre, k),
  },
}

/** `[n, d_sae]` relu(pre) at the k largest of every row, 0 elsewhere. */
export function rectifiedLargest(pre: tf.Tensor2D, k: number): tf.Tensor2D {
  return tf.tidy(() => tf.mul(tf.relu(pre), keepLargest(pre, k)))
}

export function sparseLargest(raw: RawTensorFlow, pre: Handle, k: number): SparseSelection {
  const [n, d_sae] = pre.shape as [number, number]
  return raw.tidy(() => {
    const { rows, columns, values } = largestPerRow(raw, pre, k)
    return { n, d_sae, perRow: k, rows, columns, values: raw.run('Relu', [values]) }
  })
}

/**
 * 1 at the k largest entries of every row, 0 elsewhere; among equals the lowest index wins, as in `tf.topk`.
 * @param values `[n, width]`
 */
export function keepLargest(values: tf.Tensor2D, k: number): tf.Tensor2D {
  return tf.tidy(() => {
    const [n, width] = values.shape
    const best = tf.topk(values, k)
    const kth = tf.slice(best.values, [0, k - 1], [n, 1])
    const kthIndex = tf.slice(best.indices, [0, k - 1], [n, 1])
    const columns = tf.range(0, width, 1, 'int32')
    const tied = tf.logicalAnd(tf.equal(values, kth), tf.lessEqual(columns, kthIndex))
    return tf.cast(tf.logicalOr(tf.greater(values, kth), tied), 'float32')
  })
}
