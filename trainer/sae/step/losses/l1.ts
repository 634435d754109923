/** The sum of activations. */
import * as tf from '@tensorflow/tfjs-core'
import { valuesAt } from '../../kernels/selected'
import type { NamedTensor } from '../../../tensors/arrays'
import type { LossPart } from './loss'
import { nextCoefficient, warmedUp, type TargetL0 } from './sparsity'

/**
 * λ · mean over tokens of Σ relu(pre): of the activations of a ReLU dictionary (Bricken et al. 2023), of the gates of a
 * gated one (Rajamanoharan et al. 2024). For selections in which every positive pre-activation is an entry.
 */
export interface L1Loss {
  part: 'l1'
  /** λ; where there is a target, the first one. */
  coefficient: number
  /** Steps over which it rises from 0. */
  warmupSteps: number
  /** Null: λ stays as it is. */
  target: TargetL0 | null
}

export const l1: LossPart<L1Loss> = {
  name: 'l1',
  state: ({ coefficient, target }): Record<string, NamedTensor> =>
    target ? { coefficient: { shape: [], data: Float32Array.of(coefficient) } } : {},

  reference({ step, pre, l0 }, spec, { coefficient: kept }) {
    const coefficient = kept ? kept.dataSync<'float32'>()[0]! : spec.coefficient
    const share = (coefficient * warmedUp(step, spec.warmupSteps)) / pre.shape[0]
    const activations = tf.relu(pre)
    return {
      value: tf.mul(tf.sum(activations), share),
      pre: tf.mul(tf.step(activations), share),
      ...(kept && { state: { coefficient: tf.scalar(nextCoefficient(coefficient, l0(), step, spec)) } }),
    }
  },

  tensorflow({ raw, step, pre, selection, l0 }, spec, { coefficient: kept }) {
    const coefficient = kept ? raw.read(kept)[0]! : spec.coefficient
    const share = raw.scalar((coefficient * warmedUp(step, spec.warmupSteps)) / selection.n)
    return raw.tidy(() => {
      const activations = raw.run('Relu', [valuesAt(raw, selection, pre)])
      const sum = raw.run('Sum', [activations, raw.integers(Array.from(activations.shape.keys()))])
      return {
        value: raw.run('Mul', [sum, share]),
        pre: raw.run('Mul', [raw.run('Sign', [activations]), share]),
        ...(kept && { state: { coefficient: raw.scalar(nextCoefficient(coefficient, l0(), step, spec)) } }),
      }
    })
  },
}
