/** The model's hot operations in plain tfjs ops: they run on every backend, and tests compare the others with them. */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { ModelConfig } from '../../types'

export interface ModelKernels {
  /** `x · weightᵀ`: `[n, in]`, `[out, in]` → `[n, out]`. */
  linear: (x: Tensor, weight: Tensor) => Tensor
  /** `a · b`: `[n, m]`, `[m, k]` → `[n, k]`. */
  product: (a: Tensor, b: Tensor) => Tensor
  /** `x / sqrt(mean(x²) + eps)` over the last axis. */
  rmsNormalise: (x: Tensor) => Tensor
  /** Over the last axis. */
  softmax: (x: Tensor) => Tensor
  /** `x·cos + swapHalves(x)·sin`: `[batch, seq, heads, d_head]` with angles `[seq, 1, d_head]`. */
  rotate: (x: Tensor, cos: Tensor, sin: Tensor) => Tensor
  /** Queries and keys of `[batch, seq, n_heads + n_kv_heads, d_head]`. */
  splitHeads: (x: Tensor) => [Tensor, Tensor]
  /** `silu(gate) · up`, the inside of SwiGLU (Shazeer 2020). */
  gatedSilu: (gate: Tensor, up: Tensor) => Tensor
  /**
   * The buffer `[n, width]` with rows replaced: `rows` `[m, width]` at the row numbers `at` `[m]` (int32). The buffer is
   * used up: an implementation can write into it, and the caller continues with the result.
   */
  placeRows: (buffer: Tensor, at: Tensor, rows: Tensor) => Tensor
  dispose: () => void
}

/** The sizes that the kernels of one model depend on. */
export type KernelSizes = Pick<ModelConfig, 'n_heads' | 'n_kv_heads' | 'd_head' | 'norm_eps'>

export const plainKernels = ({ n_heads, n_kv_heads, d_head, norm_eps }: KernelSizes): ModelKernels => ({
  linear: (x, weight) => tf.matMul(x, weight, false, true),
  product: (a, b) => tf.matMul(a, b),
  rmsNormalise: (x) => tf.tidy(() => tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), -1, true), norm_eps)))),
  softmax: (x) => tf.softmax(x),
  rotate: (x, cos, sin) =>
    tf.tidy(() => {
      const [first, second] = tf.split(x, [d_head / 2, d_head / 2], -1) as [Tensor, Tensor]
      return tf.add(tf.mul(x, cos), tf.mul(tf.concat([second, first], -1), sin))
    }),
  splitHeads: (x) => tf.split(x, [n_heads, n_kv_heads], 2) as [Tensor, Tensor],
  gatedSilu: (gate, up) => tf.tidy(() => tf.mul(tf.mul(gate, tf.sigmoid(gate)), up)),
  placeRows: (buffer, at, rows) => {
    const result = tf.tidy(() => tf.tensorScatterUpdate(buffer, tf.expandDims(at, 1), rows))
    buffer.dispose()
    return result
  },
  dispose: () => undefined,
})
