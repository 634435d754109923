import { z } from 'zod'
import { tiedParameters } from '../initialise'
import { unscaled } from '../fold'
import { adamOf, resolveRun, runFields, type Architecture } from './architecture'

const schema = z
  .strictObject({
    architecture: z.literal('topk').describe('Every token keeps its k largest latents (Gao et al. 2024)'),
    ...runFields,
    k: z.int().positive().describe('Active latents per token'),
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
  })
  .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type Options = z.output<typeof schema>
export type TopkConfig = ReturnType<typeof resolve>

function resolve(options: Options) {
  return { ...resolveRun(options), auxK: options.auxK ?? Math.max(1, Math.floor(options.d_in / 2)) }
}

/** TopK: Gao et al. 2024 (2406.04093), with the training order of dictionary_learning. */
export const topk: Architecture<typeof schema, TopkConfig> = {
  name: 'topk',
  schema,
  resolve,
  spec: (config, { inputScale, mseScale }) => ({
    d_in: config.d_in,
    d_out: config.d_in,
    d_sae: config.d_sae,
    inputScale,
    targetScale: inputScale,
    subtractDecoderBias: true,
    select: { rule: 'topk', k: config.k },
    losses: [
      { part: 'mse', scale: mseScale },
      ...(config.auxCoefficient > 0
        ? [{ part: 'aux-k' as const, k: config.auxK, coefficient: config.auxCoefficient }]
        : []),
    ],
    deadAfterTokens: config.deadAfterTokens,
    optimiser: adamOf(config),
  }),
  initialise: tiedParameters,
  fold: ({ d_in, d_sae, k }, parameters, { inputScale }) => ({
    config: {
      architecture: 'topk',
      d_in,
      d_sae,
      activation: { kind: 'topk', k },
      apply_b_dec_to_input: true,
    },
    tensors: unscaled(parameters, inputScale),
  }),
}
