import { z } from 'zod'
import { requireHarvest } from '../../lib/harvests'
import { trainKind } from '../../lib/jobs/kinds/train'
import { runJob } from '../../lib/jobs/run'
import { prepareRun } from '../../lib/runs'
import { ENGINE_NAMES } from '../../trainer/sae/engines/names'
import { architectureNamed, architectureNames } from '../../trainer/sae/registry'
import { defineCommand } from '../cli/command'
import { optionalFields, parseSettings } from '../cli/flags'

/** The settings of every architecture as flags; what a run needs of them its own architecture decides. */
const settings = optionalFields(
  architectureNames().map((name) => architectureNamed(name).schema as z.ZodObject),
  ['architecture', 'd_in'],
)

export const train = defineCommand({
  name: 'train',
  summary: 'train a dictionary on the activations of a harvest',
  options: z.strictObject({
    harvest: z.string().describe('name of a finished harvest'),
    architecture: z.enum(architectureNames()).default('topk').describe('kind of sparse autoencoder'),
    ...settings,
    name: z
      .string()
      .min(1)
      .optional()
      .describe('name of the run and of its dictionary; by default made from the settings'),
    resume: z.boolean().default(false).describe('go on with the newest run of that name that is not finished'),
    engine: z.enum(ENGINE_NAMES).default('auto').describe('what computes the steps'),
  }),
  async run({ options }, context) {
    const { harvest: asked, name, resume, engine, ...given } = options
    const { schema } = architectureNamed(options.architecture)
    const database = await context.database()
    const harvest = await requireHarvest(database, asked)
    parseSettings(schema, { ...given, d_in: harvest.dIn })
    const backend = await context.backend()
    const run = await prepareRun(database, backend, { harvest, settings: given, name, resume, engine })
    context.terminal.note(`run ${run.name} on the ${run.engine} engine (${backend.fingerprint})`)
    const stage = context.terminal.stage('train', 'tokens')
    const result = await runJob(database, backend, trainKind, { run: run.id }, stage)
    return { ...(result as { run: string; dictionary: string; metrics: object }), ...stage.end(), engine: run.engine }
  },
})
