/** The flags of `loupe train`, without its work, so that help loads only the schemas. */
import { z } from 'zod'
import { runRequestFields } from '../../lib/runs/schema'
import { FROM_HARVEST } from '../../lib/runs/settings'
import { architectureNamed, architectureNames } from '../../trainer/sae/architectures'
import { PRESETS } from '../../trainer/sae/training/presets'
import { optionalFields } from '../cli/flags'

/** The settings of all architectures as flags. The architecture of a run decides which of them are valid. */
const settingFlags = optionalFields(
  architectureNames().map((name) => architectureNamed(name).schema as z.ZodObject),
  ['architecture', ...FROM_HARVEST],
)

export const trainOptions = z.strictObject({
  harvest: runRequestFields.harvest,
  sweep: z
    .string()
    .optional()
    .describe('file with many runs to train instead of one (JSON: base and grid, or base and runs)'),
  architecture: z.enum(architectureNames()).optional().describe('kind of sparse autoencoder (default "topk")'),
  preset: z
    .enum(PRESETS.map(({ name }) => name))
    .optional()
    .describe('settings of a paper or library to start from; flags override them'),
  ...settingFlags,
  name: runRequestFields.name,
  resume: z.boolean().default(false).describe('continue the newest unfinished run or sweep of that name'),
  from: runRequestFields.from,
  detach: z.boolean().default(false).describe('put it into the queue for workers, and return at once'),
  engine: runRequestFields.engine,
})
export type TrainOptions = z.output<typeof trainOptions>
