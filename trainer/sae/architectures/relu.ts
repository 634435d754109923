/** ReLU dictionaries with an L1 loss. */
import { z } from 'zod'
import { unscaled } from './fold'
import { sparseParameters } from './initialise'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec } from './parts'
import { l1Fields, l1Loss, resolveL1 } from './sparsity'

const schema = z
  .strictObject({
    architecture: z
      .literal('relu')
      .describe(
        'Every positive latent is on; an L1 loss keeps them few, dead ones are resampled (Bricken et al. 2023)',
      ),
    ...runFields,
    ...l1Fields,
  })
  .refine(({ k, d_sae }) => k === undefined || k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type ReluConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  return { ...resolveRun(options, { resampleAt: [0.25, 0.5, 0.75] }), ...resolveL1(options) }
}

/** ReLU with L1, SAELens's `standard`: Bricken et al. 2023, Kissane et al. 2024 (2406.17759). Our reading: tied first weights. */
export const relu: Architecture<typeof schema, ReluConfig> = {
  name: 'relu',
  schema,
  // Many latents may be on: dense activations and gradients.
  memory: { matrices: 13 },
  resolve,
  spec: (config, calibration) =>
    autoencoderSpec(config, calibration, { select: { rule: 'relu' }, losses: [l1Loss(config, calibration)] }),
  initialise: sparseParameters,
  fold: ({ architecture, d_in, d_sae }, parameters, { inputScale }) => ({
    config: { architecture, d_in, d_sae, activation: { kind: 'relu' }, apply_b_dec_to_input: true },
    tensors: unscaled(parameters, inputScale),
  }),
}
