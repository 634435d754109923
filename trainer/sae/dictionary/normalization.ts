/** Run-time normalisation of a dictionary's input, as SAELens does it, row by row over `[n, d]`. */
import * as tf from '@tensorflow/tfjs-core'
import type { DictionaryConfig } from './config'

type Kind = DictionaryConfig['normalize_activations']

const EPSILON = 1e-5
/** Stands in for the norm of a zero row, which has no direction to keep: it stays zero and is restored to zero. */
const SMALLEST_NORM = 1e-30

/** What the encoder sees. */
export function normalizeInput(kind: Kind, x: tf.Tensor2D): tf.Tensor2D {
  if (kind === 'constant_norm_rescale') return tf.div(x, unitNorm(x))
  if (kind === 'layer_norm') {
    const { mean, deviation } = moments(x)
    return tf.div(tf.sub(x, mean), tf.add(deviation, EPSILON))
  }
  return x
}

/** Back to the scale of `x`. The epsilon is added on the way in only: SAELens's rule. */
export function restoreOutput(kind: Kind, output: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  if (kind === 'constant_norm_rescale') return tf.mul(output, unitNorm(x))
  if (kind === 'layer_norm') {
    const { mean, deviation } = moments(x)
    return tf.add(tf.mul(output, deviation), mean)
  }
  return output
}

/** `‖x‖ / √d`, `[n, 1]`. */
function unitNorm(x: tf.Tensor2D): tf.Tensor2D {
  return tf.div(tf.maximum(tf.norm(x, 2, 1, true), SMALLEST_NORM), Math.sqrt(x.shape[1]))
}

/** Mean and unbiased standard deviation of each row, `[n, 1]`. */
function moments(x: tf.Tensor2D): { mean: tf.Tensor2D; deviation: tf.Tensor2D } {
  const mean = tf.mean<tf.Tensor2D>(x, 1, true)
  const squares = tf.sum(tf.square(tf.sub(x, mean)), 1, true)
  return { mean, deviation: tf.sqrt(tf.div(squares, x.shape[1] - 1)) }
}
