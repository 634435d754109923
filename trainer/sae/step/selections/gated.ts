/** Latents with a gate and a magnitude. */
import * as tf from '@tensorflow/tfjs-core'
import { DataType, type Handle, type RawTensorFlow } from '../../../tensors/raw'
import { ofLatents, selectWhere, sumOverTokens, valuesAt } from '../../kernels/selected'
import type { InferenceBatch, SelectionRule } from './selection'
import type { Selection } from '../../kernels/selection'

/**
 * One bias opens a latent, another with a scale says how strongly it is on (Rajamanoharan et al. 2024, 2404.16014): with
 * xe = (x − b_dec) W_enc and π = xe + b_gate, z = 1[π > 0] · relu(exp(r_mag) xe + b_mag). The encoder's bias is b_gate, so
 * that `pre` is π. The gate has no gradient from z; an auxiliary loss trains it. Every open latent is an entry, also where
 * its magnitude is 0.
 */
export interface GatedSelection {
  rule: 'gated'
}

export const gated: SelectionRule<GatedSelection> = {
  name: 'gated',
  needsGradient: false,
  problem: () => undefined,
  state: () => ({}),
  parameters: (_spec, d_sae) => ({
    r_mag: { shape: [d_sae], data: new Float32Array(d_sae) },
    b_mag: { shape: [d_sae], data: new Float32Array(d_sae) },
  }),
  reference: (batch) => ({ z: opened(batch), state: {} }),
  tensorflow: (raw, batch) => ({ selection: selectOpen(raw, batch), state: {} }),

  backward: {
    reference({ pre, parameters, b_enc }, z, dz) {
      const scale = tf.exp(parameters['r_mag']!)
      const magnitude = tf.mul<tf.Tensor2D>(dz, tf.step(z))
      const scaled = tf.mul<tf.Tensor2D>(magnitude, scale)
      return {
        pre: scaled,
        parameters: {
          r_mag: tf.sum(tf.mul(scaled, tf.sub(pre, b_enc())), 0),
          b_mag: tf.sum(magnitude, 0),
          // z depends on xe = π − b_gate: what `pre` brings to b_gate is taken back.
          b_enc: tf.neg(tf.sum(scaled, 0)),
        },
      }
    },
    tensorflow: (raw, { pre, parameters, b_enc }, selection, dz) =>
      raw.tidy(() => {
        const at = (vector: Handle) => ofLatents(raw, selection, vector)
        const magnitude = raw.run('ReluGrad', [dz, selection.values])
        const scaled = raw.run('Mul', [magnitude, at(raw.run('Exp', [parameters['r_mag']!]))])
        const xe = raw.run('Sub', [valuesAt(raw, selection, pre), at(b_enc())])
        return {
          pre: scaled,
          parameters: {
            r_mag: sumOverTokens(raw, selection, raw.run('Mul', [scaled, xe])),
            b_mag: sumOverTokens(raw, selection, magnitude),
            b_enc: raw.run('Neg', [sumOverTokens(raw, selection, scaled)]),
          },
        }
      }),
  },

  inference: { reference: opened, tensorflow: selectOpen },
}

function opened({ pre, parameters, b_enc }: InferenceBatch<tf.Tensor2D, tf.Tensor1D, tf.Tensor>): tf.Tensor2D {
  return tf.tidy(() => {
    const scaled = tf.mul(tf.exp(parameters['r_mag']!), tf.sub(pre, b_enc()))
    return tf.mul(tf.relu<tf.Tensor2D>(tf.add(scaled, parameters['b_mag']!)), tf.step(pre))
  })
}

function selectOpen(raw: RawTensorFlow, { pre, parameters, b_enc }: InferenceBatch<Handle, Handle, Handle>): Selection {
  return raw.tidy(() => {
    const places = selectWhere(raw, raw.run('Greater', [pre, raw.scalar(0)]), pre)
    const at = (vector: Handle) => ofLatents(raw, places, vector)
    const xe = raw.run('Sub', [places.values, at(b_enc())])
    const scaled = raw.run('Mul', [xe, at(raw.run('Exp', [parameters['r_mag']!]))])
    const magnitude = raw.run('Relu', [raw.run('AddV2', [scaled, at(parameters['b_mag']!)])])
    const isOpen = raw.run('Greater', [places.values, raw.scalar(0)])
    const open = raw.cast(isOpen, DataType.float32)
    return { ...places, values: raw.run('Mul', [magnitude, open]) }
  })
}
