import * as tf from '@tensorflow/tfjs-core'

/** `[n, d]` with every row at length 1; zero rows stay zero. The caller disposes it. */
export function unitRows(matrix: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.div(matrix, tf.maximum(tf.norm(matrix, 2, 1, true), 1e-30)))
}
