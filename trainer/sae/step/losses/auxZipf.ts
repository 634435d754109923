import * as tf from '@tensorflow/tfjs-core'
import { fitZipf, ranksByDensity, zipfWeights, type ZipfLaw } from '../zipf'
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
  /** Take the law from the densities of the run, as long as they can be fitted, instead of the one given. */
  fit?: boolean
}

export const auxZipf: LossPart<AuxZipfLoss> = {
  reference(step, spec) {
    if (spec.tau === 0) return revive(step, step.dead, step.deadCount, spec)
    const which = underused(step.density.dataSync<'float32'>(), step.dead.dataSync<'float32'>(), spec)
    const count = which.reduce((sum, isIn) => sum + isIn, 0)
    return revive(step, tf.tensor1d(which), count, spec)
  },

  tensorflow(step, spec) {
    const { raw, dead, density } = step
    if (spec.tau === 0) return reviveRows(step, dead, spec)
    const which = underused(raw.read(density), marked(raw.readIntegers(dead), density.shape[0]!), spec)
    const latents = Int32Array.from(which.keys()).filter((latent) => which[latent] === 1)
    return reviveRows(step, raw.integers(latents), spec)
  },
}

/** `[count]` 1 at these latents, 0 elsewhere. */
export function marked(latents: Int32Array, count: number): Float32Array {
  const is = new Float32Array(count)
  for (const latent of latents) is[latent] = 1
  return is
}

/** How many latents `losses` revive although they are not dead; null where none of them is the part for that. */
export function countDying(
  losses: readonly { part: string }[],
  firing: () => { density: Float32Array; isDead: Float32Array },
): number | null {
  const zipf = losses.find((loss): loss is AuxZipfLoss => loss.part === 'aux-zipf')
  if (!zipf || zipf.tau === 0) return null
  const { density, isDead } = firing()
  return underused(density, isDead, zipf).reduce((sum, isIn, latent) => sum + isIn - isDead[latent]!, 0)
}

/**
 * 1 for latents that are dead or fire less than `tau` times what is expected at their rank, which is at most every token.
 * @param density `[d_sae]`
 * @param dead `[d_sae]`
 */
export function underused(
  density: Float32Array,
  dead: Float32Array,
  { tau, meanActive, fit, ...given }: Pick<AuxZipfLoss, 'tau' | 'meanActive' | 'fit' | keyof ZipfLaw>,
): Float32Array {
  const law = (fit ? fitZipf(density) : null) ?? given
  const expected = zipfWeights(density.length, law).map((weight) => Math.min(1, meanActive * weight))
  const ranks = ranksByDensity(density)
  return dead.map((isDead, latent) => (isDead === 1 || density[latent]! < tau * expected[ranks[latent]!]! ? 1 : 0))
}
