/** The work of `loupe train`: one run in the foreground or in the queue, or a sweep. */
import { requireHarvest } from '../../lib/harvests/rows'
import { runJob } from '../../lib/jobs/run'
import { needsOf } from '../../lib/runs/architectures'
import { trainKind } from '../../lib/runs/job'
import { TrainedRun } from '../../lib/runs/schema'
import { settingsOn } from '../../lib/runs/settings'
import { prepareRun, startRun } from '../../lib/runs/start'
import { architectureNamed, resolveTrainConfig } from '../../trainer/sae/architectures'
import { memoryLine } from '../../trainer/sae/training/memoryPlan'
import { withPreset } from '../../trainer/sae/training/presets'
import { runMemory } from '../../trainer/sae/training/runMemory'
import type { Context } from '../cli/context'
import { parseSettings } from '../cli/flags'
import type { TrainOptions } from './trainOptions'
import { requireNoSettings, trainSweep } from './trainSweep'

const DEFAULT_ARCHITECTURE = 'topk'

export async function runTrain(options: TrainOptions, context: Context) {
  const { harvest: harvestNameOrId, sweep, name, resume, detach, engine, ...single } = options
  if (sweep !== undefined) requireNoSettings(sweep, single)
  const { from, preset, ...typed } = single
  const database = await context.database()
  const harvest = await requireHarvest(database, harvestNameOrId)
  if (sweep !== undefined) return trainSweep(context, { harvest, file: sweep, name, resume, detach, engine })
  const plain = { ...typed, architecture: typed.architecture ?? DEFAULT_ARCHITECTURE }
  const settings = preset ? withPreset(preset, typed) : plain
  const { schema } = architectureNamed(settings.architecture)
  parseSettings(schema, settingsOn(harvest, settings, needsOf(settings.architecture)))
  if (detach) {
    const started = await startRun(database, { harvest, settings, name, resume, from, engine })
    return { run: started.run.id, name: started.run.name, job: started.job }
  }
  const backend = await context.backend()
  const run = await prepareRun(database, backend, { harvest, settings, name, resume, from, engine })
  context.terminal.note(`run ${run.name} on the ${run.engine} engine (${backend.fingerprint})`)
  context.terminal.note(`memory ${memoryLine(runMemory(resolveTrainConfig(run.config)))}`)
  const stage = context.terminal.stage('train', 'tokens')
  const result = await runJob(database, backend, trainKind, { run: run.id }, stage)
  return { ...TrainedRun.parse(result), ...stage.end(), engine: run.engine }
}
