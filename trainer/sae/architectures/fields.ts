/** Settings that several architectures share, the parts of a step that follow from them, and how thresholds are folded. */
import { z } from 'zod'
import type { Calibration } from './calibrate'
import { unscaled } from './fold'
import type { LossSpec } from '../step/losses'
import type { ThresholdAverage } from '../step/selections/threshold'
import { defaultAverageDecay, defaultAverageFrom, runSteps } from './schedule'
import type { AdamSpec, EngineSpec, Parameters } from '../step/spec'
import type { NamedTensor } from '../dictionary/types'
import { adamOf, type FoldedDictionary, type RunConfig } from './architecture'

export const auxFields = {
  auxK: z
    .int()
    .positive()
    .optional()
    .describe('Dead latents per token that reconstruct the residual. Default: half of d_in'),
  auxCoefficient: z
    .number()
    .nonnegative()
    .default(1 / 32)
    .describe('Weight of the auxiliary loss that revives dead latents; 0 switches it off'),
}

export const thresholdFields = {
  averageFrom: z
    .int()
    .nonnegative()
    .optional()
    .describe('Steps after which the threshold for inference is averaged. Default: 20% of the run (our reading)'),
  averageDecay: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('Weight of the past in that average. Default: forgets its start by the end, at most 0.999 (our reading)'),
}

export const zipfFields = {
  tau: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .describe(
      'Latents below this share of what the Zipf law expects count as dying; 0: only dead ones are revived (our reading)',
    ),
  zipfExponent: z
    .number()
    .nonnegative()
    .default(1)
    .describe('Zipf law of firing: (rank + offset)^-exponent; 0: uniform (our reading)'),
  zipfOffset: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Zipf law of firing: (rank + offset)^-exponent (our reading)'),
  zipfFit: z
    .boolean()
    .default(false)
    .describe('Fit that law, as dying latents are told by it, to the densities of the run instead (our reading)'),
}

export function defaultAuxK({ d_in, auxK }: { d_in: number; auxK?: number | undefined }): number {
  return auxK ?? Math.max(1, Math.floor(d_in / 2))
}

/** Fills what follows from the length of the run. @param from step from which a threshold means something */
export function resolveThreshold(
  given: { tokens: number; batchSize: number } & Partial<ThresholdAverage>,
  from = 0,
): ThresholdAverage {
  const steps = runSteps(given)
  const averageFrom = given.averageFrom ?? Math.max(from, defaultAverageFrom(steps))
  return { averageFrom, averageDecay: given.averageDecay ?? defaultAverageDecay(steps - averageFrom) }
}

/**
 * The step of an autoencoder whose input is its own target.
 * @param parts `reconstruction` is the squared error unless given; `losses` come besides it; `rates` as in AdamSpec
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

/**
 * A dictionary whose latents are on above a threshold, in SAELens's words a jumprelu: what libraries load that know no
 * selection over batches.
 * @param threshold in scaled units, `[]` or `[d_sae]`
 */
export function foldThreshold(
  { d_in, d_sae, architecture }: RunConfig & { architecture: string },
  parameters: Parameters,
  threshold: NamedTensor,
  { inputScale }: Calibration,
): FoldedDictionary {
  const of = (latent: number) => threshold.data[threshold.shape.length === 0 ? 0 : latent]! / inputScale
  return {
    config: { architecture, d_in, d_sae, activation: { kind: 'jumprelu' }, apply_b_dec_to_input: true },
    tensors: {
      ...unscaled(parameters, inputScale),
      threshold: { shape: [d_sae], data: Float32Array.from({ length: d_sae }, (_, latent) => of(latent)) },
    },
  }
}
