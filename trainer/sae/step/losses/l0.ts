/** The number of active latents. */
import * as tf from '@tensorflow/tfjs-core'
import { isNear, sumNear } from '../selections/jumprelu'
import type { LossPart } from './loss'
import { warmedUp } from './sparsity'

/**
 * The number of latents above their thresholds (Rajamanoharan et al. 2024, 2407.14435): λ · L0, or λ · (L0 / target − 1)²
 * as in dictionary_learning. Only thresholds have a gradient, through the rectangle kernel of the selection:
 * d 1[pre > θ]/dθ = −K((pre − θ)/ε)/ε.
 */
export interface L0Loss {
  part: 'l0'
  /** λ */
  coefficient: number
  /** Null: λ · L0. */
  target: number | null
  /** ε of the jumprelu selection. */
  bandwidth: number
  /** Steps over which λ rises from 0. */
  warmupSteps: number
}

export const l0: LossPart<L0Loss> = {
  name: 'l0',
  reference({ step, pre, parameters, l0: read }, spec) {
    const { value, slope } = penalty(read(), step, spec)
    const near = tf.sum(isNear(pre, parameters['threshold']!, spec.bandwidth), 0)
    const factor = -slope / (spec.bandwidth * pre.shape[0])
    return { value: tf.scalar(value), parameters: { threshold: tf.mul(near, factor) } }
  },

  tensorflow({ raw, step, pre, selection, parameters, l0: read }, spec) {
    const { value, slope } = penalty(read(), step, spec)
    return raw.tidy(() => {
      const near = sumNear(raw, { pre, threshold: parameters['threshold']!, bandwidth: spec.bandwidth }, selection)
      const factor = raw.scalar(-slope / (spec.bandwidth * selection.n))
      return {
        value: raw.scalar(value),
        gradients: [{ of: 'threshold', values: raw.run('Mul', [near, factor]) }],
      }
    })
  },
}

/** The part's value at a mean L0, and its derivative by L0. */
function penalty(mean: number, step: number, { coefficient, target, warmupSteps }: L0Loss) {
  const strength = coefficient * warmedUp(step, warmupSteps)
  if (target === null) return { value: strength * mean, slope: strength }
  const excess = mean / target - 1
  return { value: strength * excess ** 2, slope: (2 * strength * excess) / target }
}
