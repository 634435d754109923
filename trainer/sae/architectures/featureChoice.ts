/** Feature Choice dictionaries. */
import { z } from 'zod'
import { tiedParameters } from './initialise'
import { runSteps } from './schedule'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec, auxZipfLoss } from './parts'
import { auxFields, defaultAuxK, resolveThreshold, thresholdFields, zipfFields } from './fields'
import { foldThreshold } from './fold'

const schema = z
  .strictObject({
    architecture: z
      .literal('feature-choice')
      .describe('Every latent takes the tokens on which it is largest, up to its cap (Ayonrinde 2024)'),
    ...runFields,
    k: z.int().positive().describe('Mean number of active latents per token, if every cap is filled'),
    caps: z
      .enum(['zipf', 'uniform'])
      .default('zipf')
      .describe(
        'How the budget is spread over latents: by a Zipf law over their ranks by density, or equally (our reading)',
      ),
    mutualShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe(
        'Share of the run under Mutual Choice, during which latents find their ranks; 0: Feature Choice from the start (our reading)',
      ),
    rankEvery: z
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('Steps after which latents are ranked again; null for never (our reading)'),
    ...auxFields,
    ...zipfFields,
    ...thresholdFields,
  })
  .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type FeatureChoiceConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  const from = chooseFrom(options)
  // A run that is Mutual Choice to its end has the threshold of Mutual Choice from the start.
  const averageFrom = from < runSteps(options) ? from : 0
  return { ...resolveRun(options), ...resolveThreshold(options, averageFrom), auxK: defaultAuxK(options) }
}

/** The step at which Mutual Choice ends. */
function chooseFrom(options: { tokens: number; batchSize: number; mutualShare: number }): number {
  return Math.round(options.mutualShare * runSteps(options))
}

/** Feature Choice: Ayonrinde 2024 (2411.02124), after a phase of Mutual Choice (our reading). */
export const featureChoice: Architecture<typeof schema, FeatureChoiceConfig> = {
  name: 'feature-choice',
  schema,
  // A copy of the pre-activations by columns.
  memory: { matrices: 3, entry: 230 },
  example: { mutualShare: 0.3, rankEvery: 4 },
  resolve,
  spec: (config, calibration) => {
    const { k, averageFrom, averageDecay, rankEvery } = config
    const law =
      config.caps === 'uniform'
        ? { exponent: 0, offset: 0 }
        : { exponent: config.zipfExponent, offset: config.zipfOffset }
    const average = { averageFrom, averageDecay }
    const select = { rule: 'feature-choice' as const, k, chooseFrom: chooseFrom(config), rankEvery, ...law, ...average }
    return autoencoderSpec(config, calibration, { select, losses: auxZipfLoss(config) })
  },
  initialise: tiedParameters,
  fold: (config, parameters, calibration, { threshold }) => foldThreshold(config, parameters, threshold!, calibration),
}
