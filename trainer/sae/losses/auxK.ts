import * as tf from '@tensorflow/tfjs-core'
import { attribute, DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'
import { squaredDeviations } from '../engines/kernels/reductions'
import { largestMask } from '../engines/kernels/topk'
import { keepLargest } from '../selections/topk'
import type { LossPart } from './loss'

/**
 * Dead latents reconstruct what the live ones leave over (Gao et al. 2024, section A.2): with the `k` largest dead
 * activations of each token, ê = z_aux W_dec without bias, and
 * `coefficient` · Σ‖ê − e‖² / Σ‖e − mean e‖². The residual e = x − x̂ is constant, so gradients reach the encoder and
 * decoder rows of dead latents only. With a residual that does not vary the part is 0.
 */
export interface AuxKLoss {
  part: 'aux-k'
  k: number
  coefficient: number
}

/** Below every activation of a live latent, so that none is selected before the last dead one. */
const EXCLUDED = -3e38

export const auxK: LossPart<AuxKLoss> = {
  reference({ pre, error, W_dec, dead, deadCount }, { k, coefficient }) {
    if (deadCount === 0) return null
    const candidates: tf.Tensor2D = tf.where(tf.greater(dead, 0), pre, tf.fill(pre.shape, EXCLUDED))
    const z = tf.mul<tf.Tensor2D>(tf.relu(candidates), keepLargest(candidates, Math.min(k, deadCount)))
    const residual = tf.neg(error)
    const difference = tf.sub(tf.matMul(z, W_dec), residual)
    const variance = tf.sum(tf.square(tf.sub(residual, tf.mean(residual, 0))))
    const R = tf.mul<tf.Tensor2D>(difference, tf.divNoNan(tf.scalar(2 * coefficient), variance))
    return {
      value: tf.mul(tf.divNoNan(tf.sum(tf.square(difference)), variance), coefficient),
      pre: tf.mul(tf.matMul(R, W_dec, false, true), tf.step(z)),
      W_dec: tf.matMul(z, R, true, false),
    }
  },

  /** Dense over the dead latents only: k_aux is a large share of them, where sparse kernels lose. */
  tensorflow({ raw, pre, error, input, W_dec, dead, deadCount }, { k, coefficient }) {
    if (deadCount === 0) return null
    return raw.tidy(() => {
      const ownPre = raw.run('GatherV2', [pre, dead, raw.integer(1)])
      const ownDecoder = raw.run('GatherV2', [W_dec, dead, raw.integer(0)])
      const z = largestActivations(raw, ownPre, k)
      const difference = raw.run('AddV2', [raw.run('MatMul', [z, ownDecoder]), error])
      const variance = squaredDeviations(raw, error)
      const R = raw.run('Mul', [difference, raw.run('DivNoNan', [raw.scalar(2 * coefficient), variance])])
      const G = raw.run('ReluGrad', [raw.run('MatMul', [R, ownDecoder], [attribute.bool('transpose_b', true)]), z])
      const gradient = (left: Handle, right: Handle) =>
        raw.run('MatMul', [left, right], [attribute.bool('transpose_a', true)])
      const share = raw.run('DivNoNan', [raw.run('L2Loss', [difference]), variance])
      return {
        value: raw.run('Mul', [share, raw.scalar(2 * coefficient)]),
        gradients: [
          { of: 'encoder', rows: dead, values: gradient(G, input) },
          { of: 'W_dec', rows: dead, values: gradient(z, R) },
        ],
      }
    })
  },
}

/** relu(pre) where it is among the k largest of its row, 0 elsewhere. */
function largestActivations(raw: RawTensorFlow, pre: Handle, k: number): Handle {
  return raw.tidy(() => {
    const activations = raw.run('Relu', [pre])
    if (k >= pre.shape[1]!) return activations
    const kept = raw.run('Cast', [largestMask(raw, pre, k)], [attribute.type('DstT', DataType.float32)])
    return raw.run('Mul', [activations, kept])
  })
}
