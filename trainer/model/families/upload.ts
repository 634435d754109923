/** Weights on their way from a file to the backend: folded into each other, then uploaded. */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'

/**
 * A tensor on the backend. The TensorFlow backend copies values with the first op that uses them and keeps the
 * JavaScript array until then, so one op is run here.
 */
export function upload(data: Float32Array, shape: readonly number[]): Tensor {
  return tf.tidy(() => tf.reshape(tf.tensor1d(data), [...shape]))
}

/** Multiplies every column of `[out, in]` by the gain of the norm before the matrix, in place. */
export function foldGain(matrix: Float32Array, gain: Float32Array): Float32Array {
  const width = gain.length
  for (let row = 0; row < matrix.length; row += width) {
    for (let column = 0; column < width; column++) matrix[row + column]! *= gain[column]!
  }
  return matrix
}

/** Adds `matrix · normBias` to the bias `[out]` after the matrix `[out, in]`, in place; sums in doubles. */
export function foldBias(bias: Float32Array, matrix: Float32Array, normBias: Float32Array): Float32Array {
  const width = normBias.length
  for (let row = 0; row < bias.length; row++) {
    let sum = bias[row]!
    for (let column = 0; column < width; column++) sum += matrix[row * width + column]! * normBias[column]!
    bias[row] = sum
  }
  return bias
}
