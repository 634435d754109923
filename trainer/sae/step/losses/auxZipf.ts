/** Dead and dying latents reconstruct the residual. */
import * as tf from '@tensorflow/tfjs-core'
import { fitZipf } from '../zipf/fit'
import { ranksByDensity, zipfWeights, type ZipfLaw } from '../zipf/law'
import { readFiring } from '../../kernels/firing'
import type { LossPart } from './loss'
import { revive, reviveRows } from './revive'

/**
 * The auxiliary loss for latents that are dead or dying (Ayonrinde 2024, 2411.02124, aux_zipf_loss): as aux-k, over the
 * dead and those that fire less than `tau` times what a Zipf law expects at their rank, with the same mean L0. The
 * paper's formula is not known; this is our reading, of which `tau` 0 is aux-k bit for bit.
 */
export interface AuxZipfLoss extends ZipfLaw {
  part: 'aux-zipf'
  k: number
  coefficient: number
  tau: number
  /** Mean number of active latents per token that the law adds up to. */
  meanActive: number
  /** Fit the law to the densities of the run, where possible; otherwise the exponent and offset above. */
  fit?: boolean
}

export const auxZipf: LossPart<AuxZipfLoss> = {
  name: 'aux-zipf',
  reference(step, spec) {
    if (spec.tau === 0) return revive(step, step.dead, step.deadCount, spec)
    const which = underused(step.density.dataSync<'float32'>(), step.dead.dataSync<'float32'>(), spec)
    const count = which.reduce((sum, isIn) => sum + isIn, 0)
    return revive(step, tf.tensor1d(which), count, spec)
  },

  tensorflow(step, spec) {
    const { raw, dead } = step
    if (spec.tau === 0) return reviveRows(step, dead, spec)
    const firing = readFiring(raw, step)
    const which = underused(firing.density, firing.isDead, spec)
    const latents = Int32Array.from(which.keys()).filter((latent) => which[latent] === 1)
    return reviveRows(step, raw.integers(latents), spec)
  },

  figures(spec, firing) {
    if (spec.tau === 0) return {}
    const { density, isDead } = firing()
    const which = underused(density, isDead, spec)
    return { dyingLatents: which.reduce((sum, isIn, latent) => sum + isIn - isDead[latent]!, 0) }
  },
}

/**
 * 1 for latents that are dead, or fire less than `tau` times what is expected at their rank; the expectation is capped at
 * every token.
 * @param density `[d_sae]`
 * @param dead `[d_sae]`
 */
export function underused(
  density: Float32Array,
  dead: Float32Array,
  { tau, meanActive, fit, ...stated }: Pick<AuxZipfLoss, 'tau' | 'meanActive' | 'fit' | keyof ZipfLaw>,
): Float32Array {
  const law = (fit ? fitZipf(density) : null) ?? stated
  const expected = zipfWeights(density.length, law).map((weight) => Math.min(1, meanActive * weight))
  const ranks = ranksByDensity(density)
  return dead.map((isDead, latent) => (isDead === 1 || density[latent]! < tau * expected[ranks[latent]!]! ? 1 : 0))
}
