/** The reconstruction by the gates alone. */
import * as tf from '@tensorflow/tfjs-core'
import { codeMatrix, productsAt, times, valuesAt } from '../../kernels/selected'
import type { LossPart } from './loss'

/**
 * `scale` · mean of (relu(π) W_dec + b_dec − x)² with a frozen decoder (Rajamanoharan et al. 2024, 2404.16014, equation 8):
 * what teaches the gates of a gated dictionary to reconstruct. Its gradient reaches the encoder alone, and b_dec as far
 * as the encoder subtracts it.
 */
export interface GatedAuxLoss {
  part: 'gated-aux'
  scale: number
}

export const gatedAux: LossPart<GatedAuxLoss> = {
  name: 'gated-aux',
  reference({ pre, target, W_dec, b_dec }, { scale }) {
    const gates = tf.relu(pre)
    const error = tf.sub<tf.Tensor2D>(tf.add(tf.matMul(gates, W_dec), b_dec), target)
    const R = tf.mul<tf.Tensor2D>(error, (2 * scale) / error.size)
    return {
      value: tf.mul(tf.mean(tf.square(error)), scale),
      pre: tf.mul(tf.matMul(R, W_dec, false, true), tf.step(gates)),
    }
  },

  tensorflow({ raw, pre, target, selection, W_dec, b_dec }, { scale }) {
    const factor = scale / (target.shape[0]! * target.shape[1]!)
    return raw.tidy(() => {
      const gates = raw.run('Relu', [valuesAt(raw, selection, pre)])
      const output = raw.run('AddV2', [times(raw, codeMatrix(raw, selection, gates), W_dec), b_dec])
      const error = raw.run('Sub', [output, target])
      const R = raw.run('Mul', [error, raw.scalar(2 * factor)])
      return {
        value: raw.run('Mul', [raw.run('L2Loss', [error]), raw.scalar(2 * factor)]),
        pre: raw.run('ReluGrad', [productsAt(raw, selection, R, W_dec), gates]),
      }
    })
  },
}
