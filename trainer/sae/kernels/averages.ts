/** Averages that need no correction of their start. */
import * as tf from '@tensorflow/tfjs-core'

/**
 * Weight of the newest value in an average that is a plain mean at first and forgets exponentially later, so that its
 * start needs no correction.
 * @param before values averaged before this one; negative: averaging has not begun, the average is the newest value
 * @param rate weight once the average has run for 1 / rate values
 */
export function averagingRate(before: number, rate: number): number {
  return Math.min(1, Math.max(rate, 1 / (Math.max(0, before) + 1)))
}

/** average · (1 − rate) + value · rate */
export function averaged<T extends tf.Tensor>(average: T, value: tf.Tensor, rate: number): T {
  return tf.tidy(() => tf.add<T>(tf.mul(average, 1 - rate), tf.mul(value, rate)))
}
