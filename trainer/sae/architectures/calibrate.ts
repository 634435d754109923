/** What is measured once, on a sample of the activations, and then stays fixed for the run. */
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../../errors'
import { tidyToHost } from '../../tensors/tidyToHost'

/** Enough rows; Gao et al. 2024 use the same number. */
export const CALIBRATION_ROWS = 32_768

export interface Calibration {
  /** Factor on raw activations that makes the mean of ‖x‖² equal to d_in. */
  inputScale: number
  /** The same of raw targets, for d_out; `inputScale` where the input is its own target. */
  targetScale: number
  /** 1 / mean over tokens and dimensions of (y − mean y)², of scaled targets: the loss of a constant output, the mean, is 1. */
  mseScale: number
  /** `[d_out]` geometric median of the scaled targets: the first b_dec. */
  centre: Float32Array
}

/** What a run is calibrated on, raw. */
export interface CalibrationSample {
  /** `[rows, d_in]` */
  x: Float32Array
  /** `[rows, d_out]`: to be reconstructed where it is not `x`. */
  target?: Float32Array
}

/** @throws LoupeError for samples that contain NaN or do not vary */
export function calibrate({ x, target }: CalibrationSample, d_in: number): Calibration {
  const inputs = checkedMoments(x, d_in, 'activations')
  const inputScale = Math.fround(1 / Math.sqrt(inputs.meanSquare))
  if (!target) {
    const centre = geometricMedian(x, d_in, inputScale)
    return { inputScale, targetScale: inputScale, mseScale: 1 / (inputs.variance * inputScale ** 2), centre }
  }
  const d_out = target.length / (x.length / d_in)
  const { meanSquare, variance } = checkedMoments(target, d_out, 'targets')
  const targetScale = Math.fround(1 / Math.sqrt(meanSquare))
  const centre = geometricMedian(target, d_out, targetScale)
  return { inputScale, targetScale, mseScale: 1 / (variance * targetScale ** 2), centre }
}

function checkedMoments(sample: Float32Array, width: number, what: string): { meanSquare: number; variance: number } {
  const measured = moments(sample, width)
  if (!Number.isFinite(measured.meanSquare)) {
    throw new LoupeError('bad-input', `the ${what} contain NaN or infinite values`, {
      remedy: 'harvest again; if it happens again, the model overflows at this hook',
    })
  }
  if (measured.variance > 1e-12 * measured.meanSquare) return measured
  throw new LoupeError('bad-input', `all ${sample.length / width} ${what} of the sample are the same`, {
    remedy: 'there is nothing to learn at this hook: choose another hook or another corpus',
  })
}

/** Means per dimension of x² and of (x − mean x)², in doubles. */
function moments(sample: Float32Array, d_in: number): { meanSquare: number; variance: number } {
  const rows = sample.length / d_in
  const sums = new Float64Array(d_in)
  for (let at = 0; at < sample.length; at += d_in) for (let i = 0; i < d_in; i++) sums[i]! += sample[at + i]!
  const mean = sums.map((sum) => sum / rows)
  let squares = 0
  let deviations = 0
  for (let at = 0; at < sample.length; at += d_in) {
    for (let i = 0; i < d_in; i++) {
      const value = sample[at + i]!
      squares += value * value
      deviations += (value - mean[i]!) ** 2
    }
  }
  return { meanSquare: squares / sample.length, variance: deviations / sample.length }
}

/**
 * The point with the smallest sum of distances to the rows, by Weiszfeld's iteration from the mean; stops when a step
 * is shorter than 1e-5, or after 100. One far outlier hardly moves it, unlike the mean.
 * @param sample `[rows, width]`
 * @param scale factor on the sample
 * @returns `[width]`, scaled
 */
export function geometricMedian(sample: Float32Array, width: number, scale = 1): Float32Array {
  return tidyToHost(() => {
    const points: tf.Tensor2D = tf.mul(tf.tensor2d(sample, [sample.length / width, width]), scale)
    let median: tf.Tensor1D = tf.mean(points, 0)
    for (let iteration = 0; iteration < 100; iteration++) {
      const next = weiszfeldStep(points, median)
      const moved = tf.tidy(() => tf.sqrt(tf.sum(tf.squaredDifference(next, median))).dataSync<'float32'>()[0]!)
      median.dispose()
      median = next
      if (moved < 1e-5) break
    }
    return median.dataSync<'float32'>().slice()
  })
}

function weiszfeldStep(points: tf.Tensor2D, median: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => {
    const distances = tf.sqrt(tf.sum(tf.squaredDifference(points, median), 1))
    const weights = tf.reciprocal(tf.add(distances, 1e-12))
    const weighted = tf.matMul(tf.reshape(weights, [1, points.shape[0]]), points)
    return tf.reshape<tf.Rank.R1>(tf.div(weighted, tf.sum(weights)), [points.shape[1]])
  })
}
