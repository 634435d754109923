/** Matryoshka dictionaries: nested groups of latents. */
import { z } from 'zod'
import { tiedParameters } from './initialise'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec, auxKLoss } from './parts'
import { auxFields, defaultAuxK, resolveThreshold, thresholdFields } from './fields'
import { foldThreshold } from './fold'

/** Default shares of the groups; the last one is the rest. */
const DEFAULT_SHARES = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 17 / 32]
const MOST_GROUPS = 64

const schema = z
  .strictObject({
    architecture: z
      .literal('matryoshka')
      .describe('BatchTopK whose first latents also reconstruct alone, in nested groups (Bussmann et al. 2025)'),
    ...runFields,
    k: z.int().positive().describe('Mean number of active latents per token, over all groups'),
    groups: z
      .array(z.number().positive())
      .min(1)
      .max(MOST_GROUPS)
      .optional()
      .describe(
        'Groups of latents, the most general first: sizes that add up to d_sae, or shares that add up to 1. Default: 1/32, 1/16, 1/8, 1/4, rest',
      ),
    ...auxFields,
    ...thresholdFields,
  })
  .refine(({ k, d_sae }) => k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })
  .superRefine(({ groups, d_sae }, context) => {
    if (groups === undefined || groupSizes(groups, d_sae)) return
    const sum = groups.reduce((total, group) => total + group, 0)
    context.addIssue({
      code: 'custom',
      path: ['groups'],
      message: `they add up to ${sum}; sizes are whole numbers that add up to d_sae (${d_sae}), shares add up to 1 and make at least one latent each`,
    })
  })

type MatryoshkaConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  const { d_sae, groups: wanted = defaultGroups(d_sae) } = options
  const groups = groupSizes(wanted, d_sae) ?? wanted
  return { ...resolveRun(options), ...resolveThreshold(options), groups, auxK: defaultAuxK(options) }
}

/** In a small dictionary some shares are less than a latent: these groups are left out. */
function defaultGroups(d_sae: number): number[] {
  return sizesOfShares(DEFAULT_SHARES, d_sae).filter((size) => size > 0)
}

/** Whole sizes from sizes or shares; undefined if they are neither. */
export function groupSizes(groups: readonly number[], d_sae: number): number[] | undefined {
  const sum = groups.reduce((total, group) => total + group, 0)
  const sizes = Math.abs(sum - 1) < 1e-6 ? sizesOfShares(groups, d_sae) : [...groups]
  const areSizes = sizes.every((size) => Number.isInteger(size) && size >= 1)
  return areSizes && sizes.reduce((total, size) => total + size, 0) === d_sae ? sizes : undefined
}

function sizesOfShares(shares: readonly number[], d_sae: number): number[] {
  let [reached, end] = [0, 0]
  return shares.map((share) => {
    const start = end
    end = Math.round((reached += share) * d_sae)
    return end - start
  })
}

/** Matryoshka: Bussmann et al. 2025 (2503.17547), over BatchTopK. With one group it is BatchTopK. */
export const matryoshka: Architecture<typeof schema, MatryoshkaConfig> = {
  name: 'matryoshka',
  schema,
  memory: { matrices: 2.5, entry: 230, narrow: 6 },
  example: { groups: [0.25, 0.75] },
  resolve,
  spec: (config, calibration) => {
    const { k, averageFrom, averageDecay, groups } = config
    const select = { rule: 'batchtopk' as const, k, averageFrom, averageDecay }
    const reconstruction = { part: 'matryoshka' as const, scale: calibration.mseScale, groups }
    return autoencoderSpec(config, calibration, { select, reconstruction, losses: auxKLoss(config) })
  },
  initialise: tiedParameters,
  fold: (config, parameters, calibration, { threshold }) => foldThreshold(config, parameters, threshold!, calibration),
}
