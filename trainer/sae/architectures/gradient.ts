/** Gradient dictionaries: latents ranked by their effect on the loss. */
import { z } from 'zod'
import { tiedParameters } from './initialise'
import { GRADIENT_INFERENCES, GRADIENT_NORMALISATIONS } from '../step/selections/gradient'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec, auxKLoss } from './parts'
import { auxFields, defaultAuxK, resolveThreshold, thresholdFields } from './fields'
import { foldThreshold, foldTopk } from './fold'

const schema = z
  .strictObject({
    architecture: z
      .literal('gradient')
      .describe('Every token keeps the k latents with most activation and effect on the loss (Olmo et al. 2024)'),
    ...runFields,
    k: z.int().positive().describe('Active latents per token'),
    beta: z
      .number()
      .nonnegative()
      .default(1)
      .describe('Weight of the gradient in the ranking; 0: TopK. Default: 1 (our reading)'),
    normalisation: z
      .enum(GRADIENT_NORMALISATIONS)
      .default('rms')
      .describe(
        'What gradients along latents are divided by: their root mean square, nothing, or the largest of a token (our reading)',
      ),
    inference: z
      .enum(GRADIENT_INFERENCES)
      .default('no-gradient')
      .describe(
        'What the saved dictionary does without gradients: plain TopK, or all latents above a threshold (our reading)',
      ),
    ...auxFields,
    ...thresholdFields,
  })
  .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type GradientConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  return { ...resolveRun(options), ...resolveThreshold(options), auxK: defaultAuxK(options) }
}

/** Gradient SAE: Olmo et al. 2024 (2411.10397). The loss is that of TopK; the gradient only ranks. */
export const gradient: Architecture<typeof schema, GradientConfig> = {
  name: 'gradient',
  schema,
  needs: ['gradient'],
  // The product of gradients with the decoder, and the scores made of it.
  memory: { matrices: 5, entry: 300 },
  example: { inference: 'threshold' },
  resolve,
  spec: (config, calibration) => {
    const { k, beta, normalisation, inference, averageFrom, averageDecay } = config
    const select = { rule: 'gradient' as const, k, beta, normalisation, inference, averageFrom, averageDecay }
    return autoencoderSpec(config, calibration, { select, losses: auxKLoss(config) })
  },
  initialise: tiedParameters,
  fold: (config, parameters, calibration, { threshold }) =>
    config.inference === 'threshold'
      ? foldThreshold(config, parameters, threshold!, calibration)
      : foldTopk(config, parameters, calibration),
}
