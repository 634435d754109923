/** The best linear guess of one activation from another. */
import * as tf from '@tensorflow/tfjs-core'
import { tidyToHost } from '../../tensors/tidyToHost'

/** Enough for directions: small variations of the inputs are fitted last, and stopping early leaves them out. */
const ITERATIONS = 30

/**
 * B with the least Σ‖y − mean y − (x − mean x) B‖², by conjugate gradients on the normal equations, each column on its own.
 * @param x `[rows, d_in]`
 * @param y `[rows, d_out]`
 * @returns `[d_in, d_out]`
 */
export function leastSquaresMap(x: Float32Array, y: Float32Array, rows: number): Float32Array {
  return tidyToHost(() => {
    const X = centred(x, rows)
    const Y = centred(y, rows)
    const A = tf.div<tf.Tensor2D>(tf.matMul(X, X, true), rows)
    let residual = tf.div<tf.Tensor2D>(tf.matMul(X, Y, true), rows)
    let direction = residual
    let map = tf.zerosLike(residual)
    let squares = tf.sum(tf.square(residual), 0)
    for (let i = 0; i < ITERATIONS; i++) {
      const image = tf.matMul(A, direction)
      const step = tf.divNoNan(squares, tf.sum(tf.mul(direction, image), 0))
      map = tf.add(map, tf.mul(step, direction))
      residual = tf.sub(residual, tf.mul(step, image))
      const next = tf.sum(tf.square(residual), 0)
      direction = tf.add(residual, tf.mul(tf.divNoNan(next, squares), direction))
      squares = next
    }
    return map.dataSync<'float32'>().slice()
  })
}

function centred(values: Float32Array, rows: number): tf.Tensor2D {
  const points = tf.tensor2d(values, [rows, values.length / rows])
  return tf.sub(points, tf.mean(points, 0))
}
