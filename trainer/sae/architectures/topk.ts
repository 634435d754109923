/** TopK dictionaries. */
import { z } from 'zod'
import { foldTopk } from './fold'
import { tiedParameters } from './initialise'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec, auxKLoss } from './parts'
import { auxFields, defaultAuxK } from './fields'

const schema = z
  .strictObject({
    architecture: z.literal('topk').describe('Every token keeps its k largest latents (Gao et al. 2024)'),
    ...runFields,
    k: z.int().positive().describe('Active latents per token'),
    ...auxFields,
  })
  .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type TopkConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  return { ...resolveRun(options), auxK: defaultAuxK(options) }
}

/** TopK: Gao et al. 2024 (2406.04093), with the training order of dictionary_learning. */
export const topk: Architecture<typeof schema, TopkConfig> = {
  name: 'topk',
  schema,
  memory: { matrices: 2, entry: 300 },
  resolve,
  spec: (config, calibration) =>
    autoencoderSpec(config, calibration, { select: { rule: 'topk', k: config.k }, losses: auxKLoss(config) }),
  initialise: tiedParameters,
  fold: foldTopk,
}
