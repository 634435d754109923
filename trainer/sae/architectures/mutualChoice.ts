/** Mutual Choice dictionaries. */
import { z } from 'zod'
import { tiedParameters } from './initialise'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec, auxKLoss, auxZipfLoss } from './parts'
import { auxFields, defaultAuxK, resolveThreshold, thresholdFields, zipfFields } from './fields'
import { foldThreshold } from './fold'

const schema = z
  .strictObject({
    architecture: z
      .literal('mutual-choice')
      .describe('A batch keeps its largest latents; dying ones are revived by a Zipf law (Ayonrinde 2024)'),
    ...runFields,
    k: z.int().positive().describe('Mean number of active latents per token'),
    ...auxFields,
    auxLoss: z
      .enum(['aux-zipf', 'aux-k'])
      .default('aux-zipf')
      .describe('Which latents the auxiliary loss revives: dead and dying ones (aux-zipf), or only dead ones (aux-k)'),
    ...zipfFields,
    ...thresholdFields,
  })
  .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type MutualChoiceConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  return { ...resolveRun(options), ...resolveThreshold(options), auxK: defaultAuxK(options) }
}

/** Mutual Choice: Ayonrinde 2024 (2411.02124). Selects as BatchTopK; with `auxLoss` aux-k it is BatchTopK. */
export const mutualChoice: Architecture<typeof schema, MutualChoiceConfig> = {
  name: 'mutual-choice',
  schema,
  memory: { matrices: 2.5, entry: 230 },
  example: { tau: 0.5, zipfFit: true },
  resolve,
  spec: (config, calibration) => {
    const { k, averageFrom, averageDecay } = config
    const select = { rule: 'batchtopk' as const, k, averageFrom, averageDecay }
    const losses = config.auxLoss === 'aux-zipf' ? auxZipfLoss(config) : auxKLoss(config)
    return autoencoderSpec(config, calibration, { select, losses })
  },
  initialise: tiedParameters,
  fold: (config, parameters, calibration, { threshold }) => foldThreshold(config, parameters, threshold!, calibration),
}
