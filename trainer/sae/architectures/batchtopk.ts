/** BatchTopK dictionaries. */
import { z } from 'zod'
import { tiedParameters } from './initialise'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec, auxKLoss } from './parts'
import { auxFields, defaultAuxK, resolveThreshold, thresholdFields } from './fields'
import { foldThreshold } from './fold'

const schema = z
  .strictObject({
    architecture: z
      .literal('batchtopk')
      .describe('A batch keeps its largest latents, k per token on average (Bussmann et al. 2024)'),
    ...runFields,
    k: z.int().positive().describe('Mean number of active latents per token'),
    ...auxFields,
    ...thresholdFields,
  })
  .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type BatchTopkConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  return { ...resolveRun(options), ...resolveThreshold(options), auxK: defaultAuxK(options) }
}

/** BatchTopK: Bussmann et al. 2024 (2412.06410). */
export const batchtopk: Architecture<typeof schema, BatchTopkConfig> = {
  name: 'batchtopk',
  schema,
  memory: { matrices: 2, entry: 230 },
  resolve,
  spec: (config, calibration) => {
    const { k, averageFrom, averageDecay } = config
    const select = { rule: 'batchtopk' as const, k, averageFrom, averageDecay }
    return autoencoderSpec(config, calibration, { select, losses: auxKLoss(config) })
  },
  initialise: tiedParameters,
  fold: (config, parameters, calibration, { threshold }) => foldThreshold(config, parameters, threshold!, calibration),
}
