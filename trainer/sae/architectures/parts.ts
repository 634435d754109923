/** The parts that steps of several architectures are made of. */
import type { LossSpec } from '../step'
import type { AdamSpec, EngineSpec } from '../step/spec'
import type { Calibration } from './calibrate'
import type { RunConfig } from './runFields'

export function adamOf({ beta1, beta2, epsilon, gradientClip }: RunConfig): AdamSpec {
  return { beta1, beta2, epsilon, gradientClip, unitNormDecoder: true }
}

/**
 * The step of an autoencoder whose input is its own target.
 * @param parts `reconstruction` is the squared error by default; `losses` are added to it; `rates` as in AdamSpec
 */
export function autoencoderSpec(
  config: RunConfig,
  { inputScale, mseScale }: Calibration,
  {
    select,
    losses,
    reconstruction = { part: 'mse', scale: mseScale },
    rates,
  }: {
    select: EngineSpec['select']
    losses: LossSpec[]
    reconstruction?: LossSpec
    rates?: AdamSpec['rates']
  },
): EngineSpec {
  return {
    d_in: config.d_in,
    d_out: config.d_in,
    d_sae: config.d_sae,
    inputScale,
    targetScale: inputScale,
    subtractDecoderBias: true,
    select,
    losses: [reconstruction, ...losses],
    deadAfterTokens: config.deadAfterTokens,
    optimiser: { ...adamOf(config), ...(rates && { rates }) },
  }
}

export function auxKLoss({ auxK, auxCoefficient }: { auxK: number; auxCoefficient: number }): LossSpec[] {
  return auxCoefficient > 0 ? [{ part: 'aux-k', k: auxK, coefficient: auxCoefficient }] : []
}

/** @param config `k` is the mean number of active latents per token */
export function auxZipfLoss(config: {
  k: number
  auxK: number
  auxCoefficient: number
  tau: number
  zipfExponent: number
  zipfOffset: number
  zipfFit: boolean
}): LossSpec[] {
  const { k, auxK, auxCoefficient: coefficient, tau, zipfExponent: exponent, zipfOffset: offset, zipfFit: fit } = config
  return coefficient > 0 ? [{ part: 'aux-zipf', k: auxK, coefficient, tau, meanActive: k, exponent, offset, fit }] : []
}
