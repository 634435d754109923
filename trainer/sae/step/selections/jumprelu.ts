/** Latents that are on above a trained threshold. */
import * as tf from '@tensorflow/tfjs-core'
import { DataType, type Handle, type RawTensorFlow } from '../../../tensors/raw'
import { ofLatents, selectWhere, sumOverTokens, valuesAt } from '../../kernels/selected'
import type { Selection } from '../../kernels/selection'
import type { SelectionRule } from './selection'

/**
 * z = pre · 1[pre > θ] (Rajamanoharan et al. 2024, 2407.14435), with a threshold per latent that is trained as it is, not
 * as its logarithm (as in dictionary_learning). A step has no gradient at θ; it is estimated through the rectangle kernel
 * K(u) = 1[|u| < 1/2] of width ε: dz/dθ = −(θ/ε) K((pre − θ)/ε). A threshold below 0 acts as 0.
 */
export interface JumpReluSelection {
  rule: 'jumprelu'
  /** ε, in scaled units. */
  bandwidth: number
  /** First θ of all latents, in scaled units. */
  firstThreshold: number
}

export const jumprelu: SelectionRule<JumpReluSelection> = {
  name: 'jumprelu',
  needsGradient: false,
  problem: () => undefined,
  state: () => ({}),
  parameters: ({ firstThreshold }, d_sae) => ({
    threshold: { shape: [d_sae], data: new Float32Array(d_sae).fill(firstThreshold) },
  }),
  reference: ({ pre, parameters }) => ({ z: above(pre, parameters['threshold']!), state: {} }),
  tensorflow: (raw, { pre, parameters }, { bandwidth }) => ({
    selection: selectAbove(raw, pre, parameters['threshold']!, bandwidth / 2),
    state: {},
  }),

  backward: {
    reference({ pre, parameters }, z, dz, { bandwidth }) {
      const threshold = parameters['threshold']!
      const near = tf.sum(tf.mul(dz, isNear(pre, threshold, bandwidth)), 0)
      return {
        pre: tf.mul(dz, tf.step(z)),
        parameters: { threshold: tf.mul(near, tf.div(threshold, -bandwidth)) },
      }
    },
    tensorflow: (raw, { pre, parameters }, selection, dz, { bandwidth }) =>
      raw.tidy(() => {
        const threshold = parameters['threshold']!
        const near = sumNear(raw, { pre, threshold, bandwidth }, selection, dz)
        const factor = raw.run('Mul', [threshold, raw.scalar(-1 / bandwidth)])
        return {
          pre: raw.run('ReluGrad', [dz, selection.values]),
          parameters: { threshold: raw.run('Mul', [near, factor]) },
        }
      }),
  },

  inference: {
    reference: ({ pre, parameters }) => above(pre, parameters['threshold']!),
    tensorflow: (raw, { pre, parameters }) => selectAbove(raw, pre, parameters['threshold']!, 0),
  },
}

function above(pre: tf.Tensor2D, threshold: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => tf.mul(tf.relu(pre), tf.cast(tf.greater(pre, threshold), 'float32')))
}

/** Entries above θ − `margin`; those that do not reach θ have the value 0. */
function selectAbove(raw: RawTensorFlow, pre: Handle, threshold: Handle, margin: number): Selection {
  return raw.tidy(() => {
    const bound = raw.run('Sub', [threshold, raw.scalar(margin)])
    const places = selectWhere(raw, raw.run('Greater', [pre, bound]), pre)
    const isOn = raw.run('Greater', [places.values, ofLatents(raw, places, threshold)])
    const values = raw.run('Mul', [raw.run('Relu', [places.values]), raw.cast(isOn, DataType.float32)])
    return { ...places, values }
  })
}

/** K((pre − θ)/ε): 1 where a pre-activation is within half a bandwidth of its threshold, 0 elsewhere. */
export function isNear(pre: tf.Tensor2D, threshold: tf.Tensor, bandwidth: number): tf.Tensor2D {
  return tf.tidy(() => tf.cast(tf.less(tf.abs(tf.sub(pre, threshold)), bandwidth / 2), 'float32'))
}

/**
 * Σ over tokens of K((pre − θ)/ε), each times its entry of `weights` if there are any. `[d_sae]`
 * @param weights at the entries of a selection that holds all places within the band
 */
export function sumNear(
  raw: RawTensorFlow,
  { pre, threshold, bandwidth }: { pre: Handle; threshold: Handle; bandwidth: number },
  selection: Selection,
  weights?: Handle,
): Handle {
  return raw.tidy(() => {
    const distance = raw.run('Sub', [valuesAt(raw, selection, pre), ofLatents(raw, selection, threshold)])
    const within = raw.run('Less', [raw.run('Abs', [distance]), raw.scalar(bandwidth / 2)])
    const near = raw.cast(within, DataType.float32)
    return sumOverTokens(raw, selection, weights ? raw.run('Mul', [near, weights]) : near)
  })
}
