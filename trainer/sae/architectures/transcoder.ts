/** Transcoders: from one activation to another. */
import { z } from 'zod'
import { unscaledPair } from './fold'
import { transcoderParameters } from './initialise'
import { adamOf, auxKLoss } from './parts'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { auxFields, defaultAuxK } from './fields'

function schemaOf<Name extends string>(name: Name, description: string) {
  return z
    .strictObject({
      architecture: z.literal(name).describe(description),
      ...runFields,
      d_out: z.int().positive().describe('Width of the targets'),
      k: z.int().positive().describe('Active latents per token'),
      ...auxFields,
    })
    .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })
}

const schema = schemaOf('transcoder', 'TopK latents of an input reconstruct another activation (Dunefsky et al. 2024)')
const skipSchema = schemaOf(
  'skip-transcoder',
  'A transcoder that adds a linear map of the input to its output (Paulo et al. 2025)',
)

type TranscoderConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema> | z.output<typeof skipSchema>) {
  return { ...resolveRun(options), auxK: defaultAuxK(options) }
}

/**
 * TopK from inputs to targets: the encoder sees inputs without b_dec, the loss is the unexplained share of the targets'
 * variance, as in sparsify. Our reading: decoder rows keep norm 1.
 */
function transcoderOf<Name extends string, Schema extends z.ZodType>(
  name: Name,
  settings: Schema,
  skip: boolean,
): Architecture<Schema, TranscoderConfig> {
  return {
    name,
    schema: settings,
    needs: ['target'],
    memory: { matrices: 2, entry: 360, skip },
    resolve: (options) => resolve(options as z.output<typeof schema>),
    spec: (config, { inputScale, targetScale, mseScale }) => ({
      d_in: config.d_in,
      d_out: config.d_out,
      d_sae: config.d_sae,
      inputScale,
      targetScale,
      subtractDecoderBias: false,
      skip,
      select: { rule: 'topk', k: config.k },
      losses: [{ part: 'mse', scale: mseScale }, ...auxKLoss(config)],
      deadAfterTokens: config.deadAfterTokens,
      optimiser: adamOf(config),
    }),
    initialise: transcoderParameters,
    fold: ({ architecture, d_in, d_out, d_sae, k }, parameters, calibration) => ({
      config: { architecture, d_in, d_out, d_sae, activation: { kind: 'topk', k }, apply_b_dec_to_input: false, skip },
      tensors: unscaledPair(parameters, calibration),
    }),
  }
}

/** Dunefsky et al. 2024 (2406.11944). */
export const transcoder = transcoderOf('transcoder', schema, false)
/** Paulo et al. 2025 (2501.18823). W_skip begins at 0. */
export const skipTranscoder = transcoderOf('skip-transcoder', skipSchema, true)
