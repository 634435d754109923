/** Settings that several architectures share, and their defaults. */
import { z } from 'zod'
import type { ThresholdAverage } from '../step/selections/threshold'
import { defaultAverageDecay, defaultAverageFrom, runSteps } from './schedule'

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
    .describe(
      'Weight of the past in that average. Default: the start is forgotten by the end of the run; up to 0.999 (our reading)',
    ),
}

export const zipfFields = {
  tau: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .describe(
      'Latents whose firing is below this share of the Zipf law count as dying; 0: only dead latents are revived (our reading)',
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
    .describe('Find dying latents by a law fitted to the densities of the run instead (our reading)'),
}

export function defaultAuxK({ d_in, auxK }: { d_in: number; auxK?: number | undefined }): number {
  return auxK ?? Math.max(1, Math.floor(d_in / 2))
}

/** Fills what follows from the length of the run. @param from step from which a threshold means something */
export function resolveThreshold(
  options: { tokens: number; batchSize: number } & Partial<ThresholdAverage>,
  from = 0,
): ThresholdAverage {
  const steps = runSteps(options)
  const averageFrom = options.averageFrom ?? Math.max(from, defaultAverageFrom(steps))
  return { averageFrom, averageDecay: options.averageDecay ?? defaultAverageDecay(steps - averageFrom) }
}
