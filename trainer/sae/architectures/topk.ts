import { z } from 'zod'
import type { Calibration } from './calibrate'
import { unscaled } from './fold'
import { tiedParameters } from './initialise'
import type { Parameters } from '../step/spec'
import { resolveRun, runFields, type Architecture, type FoldedDictionary } from './architecture'
import { autoencoderSpec, auxFields, auxKLoss, defaultAuxK } from './fields'

const schema = z
  .strictObject({
    architecture: z.literal('topk').describe('Every token keeps its k largest latents (Gao et al. 2024)'),
    ...runFields,
    k: z.int().positive().describe('Active latents per token'),
    ...auxFields,
  })
  .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

export type TopkConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  return { ...resolveRun(options), auxK: defaultAuxK(options) }
}

/** TopK: Gao et al. 2024 (2406.04093), with the training order of dictionary_learning. */
export const topk: Architecture<typeof schema, TopkConfig> = {
  name: 'topk',
  schema,
  resolve,
  spec: (config, calibration) =>
    autoencoderSpec(config, calibration, { select: { rule: 'topk', k: config.k }, losses: auxKLoss(config) }),
  initialise: tiedParameters,
  fold: foldTopk,
}

/** The k largest of every token at inference too. */
export function foldTopk(
  { architecture, d_in, d_sae, k }: { architecture: string; d_in: number; d_sae: number; k: number },
  parameters: Parameters,
  { inputScale }: Calibration,
): FoldedDictionary {
  return {
    config: { architecture, d_in, d_sae, activation: { kind: 'topk', k }, apply_b_dec_to_input: true },
    tensors: unscaled(parameters, inputScale),
  }
}
