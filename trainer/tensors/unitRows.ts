/** Rows of length 1. */
import * as tf from '@tensorflow/tfjs-core'

/** `[n, d]`: scales every row to length 1; zero rows stay zero. The caller disposes the result. */
export function unitRows(matrix: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.div(matrix, tf.maximum(tf.norm(matrix, 2, 1, true), 1e-30)))
}
