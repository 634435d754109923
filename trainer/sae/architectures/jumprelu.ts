import { z } from 'zod'
import type { Calibration } from '../calibrate'
import { tiedParameters } from '../initialise'
import { resolveRun, runFields, type Architecture } from './architecture'
import { autoencoderSpec, auxFields, auxKLoss, defaultAuxK, foldThreshold } from './fields'
import { stepsOf, warmupField } from './sparsity'

const schema = z
  .strictObject({
    architecture: z
      .literal('jumprelu')
      .describe('A latent is on above a threshold of its own, which is trained (Rajamanoharan et al. 2024)'),
    ...runFields,
    k: z
      .int()
      .positive()
      .optional()
      .describe(
        'Mean number of active latents per token: the loss holds l0Coefficient · (L0 / k − 1)². Absent: l0Coefficient · L0',
      ),
    l0Coefficient: z
      .number()
      .positive()
      .default(1)
      .describe('Weight of that beside the squared error, which is 1 for answering the mean. Without k: about 0.001'),
    bandwidth: z
      .number()
      .positive()
      .default(0.001)
      .describe(
        'Width of the kernel that estimates gradients of thresholds, for inputs with mean ‖x‖² = 1, as in the paper',
      ),
    firstThreshold: z
      .number()
      .positive()
      .optional()
      .describe(
        'First threshold of all latents, for inputs with mean ‖x‖² = 1. Default: with k, one that lets about k latents through at the first step (our reading); without, 0.001 as in the paper',
      ),
    ...auxFields,
    ...warmupField,
  })
  .refine(({ k, d_sae }) => k === undefined || k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

export type JumpReluConfig = ReturnType<typeof resolve>

const PAPER_THRESHOLD = 0.001

/**
 * In scaled units. Of first latents, which are random directions, pre-activations have about the variance of one
 * dimension, 1 / mseScale; thresholds move by a learning rate a step, and in a short run would not get from 0 to there.
 */
function firstThresholdOf({ d_in, d_sae, k, firstThreshold }: JumpReluConfig, { mseScale }: Calibration): number {
  if (firstThreshold !== undefined || k === undefined) return (firstThreshold ?? PAPER_THRESHOLD) * Math.sqrt(d_in)
  return upperQuantile(k / d_sae) / Math.sqrt(mseScale)
}

/** What a standard normal variable passes with probability p ≤ 1/2, to 5e-4 (Abramowitz and Stegun 1964, 26.2.23); 0 above. */
export function upperQuantile(p: number): number {
  if (p >= 0.5) return 0
  const t = Math.sqrt(-2 * Math.log(p))
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  return t - numerator / denominator
}

function resolve(options: z.output<typeof schema>) {
  return { ...resolveRun(options), auxK: defaultAuxK(options) }
}

/**
 * JumpReLU: Rajamanoharan et al. 2024 (2407.14435), with thresholds trained as they are and the target for L0 of
 * dictionary_learning. Our reading: aux-k revives dead latents. Activations here have mean ‖x‖² = d_in, so that widths
 * and thresholds are √d_in times those of the paper.
 */
export const jumprelu: Architecture<typeof schema, JumpReluConfig> = {
  name: 'jumprelu',
  schema,
  resolve,
  spec(config, calibration) {
    const { d_in, k, l0Coefficient: coefficient } = config
    const bandwidth = config.bandwidth * Math.sqrt(d_in)
    const firstThreshold = firstThresholdOf(config, calibration)
    const warmupSteps = Math.round(config.sparsityWarmup * stepsOf(config))
    return autoencoderSpec(config, calibration, {
      select: { rule: 'jumprelu', bandwidth, firstThreshold },
      losses: [{ part: 'l0', coefficient, target: k ?? null, bandwidth, warmupSteps }, ...auxKLoss(config)],
    })
  },
  initialise: tiedParameters,
  fold: (config, parameters, calibration) => foldThreshold(config, parameters, parameters['threshold']!, calibration),
}
