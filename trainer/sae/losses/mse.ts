import * as tf from '@tensorflow/tfjs-core'
import { csrMatrix, sampledProduct, sparseProduct, transposed } from '../engines/kernels/sparse'
import type { LossPart } from './loss'

/** `scale` · mean over tokens and dimensions of (x̂ − x)²; `scale` is fixed once, on the calibration sample. */
export interface MseLoss {
  part: 'mse'
  scale: number
}

/** With R = d loss/d x̂: dW_dec = zᵀR, dz = R W_decᵀ where a latent is on, and the mask itself is constant. */
export const mse: LossPart<MseLoss> = {
  reference: ({ z, error, W_dec }, { scale }) => {
    const R = tf.mul<tf.Tensor2D>(error, (2 * scale) / error.size)
    return {
      value: tf.mul(tf.mean(tf.square(error)), scale),
      pre: tf.mul(tf.matMul(R, W_dec, false, true), tf.step(z)),
      W_dec: tf.matMul(z, R, true, false),
      b_dec: tf.sum(R, 0),
    }
  },

  tensorflow({ raw, selection, codes, error, input, W_dec }, { scale }) {
    const [n, d_out] = error.shape as [number, number]
    const { d_sae, rows, columns } = selection
    return raw.tidy(() => {
      const factor = scale / (n * d_out)
      const R = raw.run('Mul', [error, raw.scalar(2 * factor)])
      // ReluGrad: passes the gradient where the activation is positive.
      const G = raw.run('ReluGrad', [sampledProduct(raw, R, W_dec, selection), selection.values])
      const gradientCodes = csrMatrix(raw, { rows, columns, values: G }, [n, d_sae])
      return {
        value: raw.run('Mul', [raw.run('L2Loss', [error]), raw.scalar(2 * factor)]),
        gradients: [
          { of: 'encoder', values: sparseProduct(raw, transposed(raw, gradientCodes), input) },
          { of: 'W_dec', values: sparseProduct(raw, transposed(raw, codes), R) },
          { of: 'b_dec', values: raw.run('Sum', [R, raw.integers([0])]) },
        ],
      }
    })
  },
}
