import { z } from 'zod'
import { FROM_HARVEST } from '../../lib/runs/fromHarvest'
import { requireHarvest } from '../../lib/harvests/rows'
import { settingsOn } from '../../lib/runs/settings'
import { trainKind } from '../../lib/runs/job/train'
import { runJob } from '../../lib/jobs/run'
import { prepareRun, startRun } from '../../lib/runs/start'
import { ENGINE_NAMES } from '../../trainer/sae/engines/names'
import { PRESETS, withPreset } from '../../trainer/sae/training/presets'
import { architectureNamed, architectureNames } from '../../trainer/sae/architectures'
import { memoryLine, memoryPlan, type PlannedRun } from '../../trainer/sae/training/memoryPlan'
import { defineCommand } from '../cli/command'
import { optionalFields, parseSettings } from '../cli/flags'
import { hasFailed, renderSweep } from './sweepResult'
import { requireNothingBeside, trainSweep } from './trainSweep'

const DEFAULT_ARCHITECTURE = 'topk'

/** The settings of every architecture as flags; what a run needs of them its own architecture decides. */
const settings = optionalFields(
  architectureNames().map((name) => architectureNamed(name).schema as z.ZodObject),
  ['architecture', ...FROM_HARVEST],
)

export const train = defineCommand({
  options: z.strictObject({
    harvest: z.string().describe('name of a finished harvest'),
    sweep: z
      .string()
      .optional()
      .describe('file with many runs (JSON: base and grid, or base and runs) to train instead of one'),
    architecture: z.enum(architectureNames()).optional().describe('kind of sparse autoencoder (default "topk")'),
    preset: z
      .enum(PRESETS.map(({ name }) => name))
      .optional()
      .describe('settings of a paper or library to begin with; flags count more'),
    ...settings,
    name: z
      .string()
      .min(1)
      .optional()
      .describe('name of the run and of its dictionary; by default made from the settings'),
    resume: z.boolean().default(false).describe('go on with the newest run or sweep of that name that is not finished'),
    from: z
      .string()
      .min(1)
      .optional()
      .describe('begin with the weights of a checkpoint: RUN (its newest), RUN@best or RUN@STEP'),
    detach: z.boolean().default(false).describe('leave it to workers, and return at once'),
    engine: z.enum(ENGINE_NAMES).default('auto').describe('what computes the steps'),
  }),
  async run({ options }, context) {
    const { harvest: asked, sweep, name, resume, detach, engine, ...single } = options
    if (sweep !== undefined) requireNothingBeside(sweep, single)
    const { from, preset, ...typed } = single
    const database = await context.database()
    const harvest = await requireHarvest(database, asked)
    if (sweep !== undefined) return trainSweep(context, { harvest, file: sweep, name, resume, detach, engine })
    const plain = { ...typed, architecture: typed.architecture ?? DEFAULT_ARCHITECTURE }
    const given = preset ? withPreset(preset, typed) : plain
    const { schema } = architectureNamed(given.architecture)
    parseSettings(schema, settingsOn(harvest, given))
    if (detach) {
      const started = await startRun(database, { harvest, settings: given, name, resume, from, engine })
      return { run: started.run.id, name: started.run.name, job: started.job }
    }
    const backend = await context.backend()
    const run = await prepareRun(database, backend, { harvest, settings: given, name, resume, from, engine })
    context.terminal.note(`run ${run.name} on the ${run.engine} engine (${backend.fingerprint})`)
    context.terminal.note(`memory ${memoryLine(memoryPlan(run.config as unknown as PlannedRun))}`)
    const stage = context.terminal.stage('train', 'tokens')
    const result = await runJob(database, backend, trainKind, { run: run.id }, stage)
    return { ...(result as { run: string; dictionary: string; metrics: object }), ...stage.end(), engine: run.engine }
  },
  render: (result) => ('sweep' in result ? renderSweep(result) : JSON.stringify(result, null, 2)),
  exitCode: (result) => ('sweep' in result && hasFailed(result) ? 1 : 0),
})
