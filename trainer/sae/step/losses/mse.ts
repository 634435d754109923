/** The squared error of the reconstruction. */
import * as tf from '@tensorflow/tfjs-core'
import { attribute } from '../../../tensors/raw'
import { productsAt, transposedTimes } from '../../kernels/selected'
import type { LossPart } from './loss'

/** `scale` · mean over tokens and dimensions of (x̂ − x)²; `scale` is fixed once, on the calibration sample. */
export interface MseLoss {
  part: 'mse'
  scale: number
}

/** With R = d loss/d x̂: dW_dec = zᵀR, dz = R W_decᵀ, and dW_skip = Rᵀx where there is one. */
export const mse: LossPart<MseLoss> = {
  name: 'mse',
  reference: ({ x, z, error, W_dec, parameters }, { scale }) => {
    const R = tf.mul<tf.Tensor2D>(error, (2 * scale) / error.size)
    return {
      value: tf.mul(tf.mean(tf.square(error)), scale),
      z: tf.matMul(R, W_dec, false, true),
      W_dec: tf.matMul(z, R, true, false),
      b_dec: tf.sum(R, 0),
      ...(parameters['W_skip'] && { parameters: { W_skip: tf.matMul(R, x, true, false) } }),
    }
  },

  tensorflow({ raw, x, selection, codes, error, W_dec, parameters }, { scale }) {
    const [n, d_out] = error.shape as [number, number]
    return raw.tidy(() => {
      const factor = scale / (n * d_out)
      const R = raw.run('Mul', [error, raw.scalar(2 * factor)])
      const skip = () => ({ of: 'W_skip', values: raw.run('MatMul', [R, x], [attribute.bool('transpose_a', true)]) })
      return {
        value: raw.run('Mul', [raw.run('L2Loss', [error]), raw.scalar(2 * factor)]),
        z: productsAt(raw, selection, R, W_dec),
        gradients: [
          { of: 'W_dec', values: transposedTimes(raw, codes, R) },
          { of: 'b_dec', values: raw.run('Sum', [R, raw.integers([0])]) },
          ...(parameters['W_skip'] ? [skip()] : []),
        ],
      }
    })
  },
}
