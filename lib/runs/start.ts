/** Training runs: checked and written down before the first step, found again to go on. */
import { availableMemory } from '../../trainer/availableMemory'
import { LoupeError } from '../../trainer/errors'
import { resolveEngine, type EngineName } from '../../trainer/sae/engines/names'
import { checkMemory } from '../../trainer/sae/training/memoryPlan'
import { resolveTrainConfig, withDefaults, type TrainConfig } from '../../trainer/sae/architectures'
import { runSteps } from '../../trainer/sae/architectures/schedule'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import type { Harvest, Run } from '../db/generated/client'
import { requireFreeName } from '../dictionaries/rows'
import { measuredLayoutOf } from '../harvests/rows'
import { submitJob } from '../jobs/run'
import { trainJob } from '../jobs/specs'
import { settingsOn } from './settings'
import { keepCheckpoint, requireParent, type RunParent } from './rows'

export interface RunOptions {
  harvest: Harvest
  /** Settings as given: `{ architecture, d_sae, k, tokens, … }` without `d_in`. */
  settings: Readonly<Record<string, unknown>>
  /** Name of the run and of the dictionary it makes; by default made from the settings. */
  name?: string
  engine: EngineName
  /** Go on with the newest run of that name that is not finished: interrupted, cancelled or failed. */
  resume: boolean
  /** Begin with the weights of a checkpoint: `RUN`, `RUN@best` or `RUN@STEP`. */
  from?: string | undefined
}

/** What of a backend a run is written down with. */
type RunBackend = Pick<Backend, 'name' | 'device'>

export type NewRun = Pick<Run, 'name' | 'harvestId' | 'architecture' | 'seed' | 'engine' | 'device' | 'steps'> & {
  config: TrainConfig
  parent?: RunParent
}

/**
 * Checks everything that can be checked before the first step, then writes the run down, or finds the one to resume.
 * Where nothing is computed there is no backend: engine and device are then decided by the worker that takes the run.
 */
export async function prepareRun(
  database: Database,
  backend: RunBackend | undefined,
  options: RunOptions,
): Promise<Run> {
  const checked = await checkRun(database, backend, options)
  if ('resumed' in checked) return checked.resumed
  if (checked.created.parent) await keepCheckpoint(database, checked.created.parent)
  return database.prisma.run.create({ data: checked.created })
}

/** What `prepareRun` checks, without writing: the row that a new run is to have, or the one that goes on. */
export async function checkRun(
  database: Database,
  backend: RunBackend | undefined,
  options: RunOptions,
): Promise<{ created: NewRun } | { resumed: Run }> {
  const { harvest, settings, resume } = options
  measuredLayoutOf(harvest)
  const config = resolveTrainConfig(settingsOn(harvest, settings))
  requireCountable(config)
  const name = options.name ?? defaultName(harvest, config)
  const engine = backend ? resolveEngine(options.engine, backend.name) : options.engine
  await requireFreeName(database, name)
  const newest = await database.prisma.run.findFirst({ where: { name }, orderBy: { createdAt: 'desc' } })
  if (resume) {
    if (options.from !== undefined)
      throw new LoupeError('bad-usage', 'a run that goes on has begun already', { remedy: 'leave --from out' })
    if (!newest || newest.status === 'finished')
      throw new LoupeError('not-found', `there is no unfinished run named "${name}"`, { remedy: 'leave --resume out' })
    requireSameSettings(newest, { ...config, harvest: harvest.id, engine })
    return { resumed: newest }
  }
  const unfinished = newest?.status === 'pending' || newest?.status === 'running' ? newest : undefined
  if (unfinished) {
    throw new LoupeError(
      'conflict',
      `the run "${name}" is unfinished (step ${unfinished.step} of ${unfinished.steps})`,
      {
        remedy: 'go on with --resume, or choose another --name',
      },
    )
  }
  checkMemory(config, availableMemory())
  const parent = options.from ? await requireParent(database, options.from, { harvest, config }) : undefined
  const { architecture, seed } = config
  return {
    created: {
      name,
      harvestId: harvest.id,
      architecture,
      seed,
      config,
      engine,
      device: backend?.device ?? '',
      steps: runSteps(config),
      ...(parent && { parent }),
    },
  }
}

/** Larger ones do not fit into the columns of the database. */
const MOST = 2 ** 31 - 1

function requireCountable(config: TrainConfig): void {
  const { batchSize, seed } = config
  const steps = runSteps(config)
  if (steps > MOST) {
    const message = `training configuration: tokens: they make ${steps} steps of ${batchSize}, and at most ${MOST} can be counted`
    throw new LoupeError('bad-input', message, { remedy: 'train on fewer tokens, or take a larger batchSize' })
  }
  if (seed > MOST) throw new LoupeError('bad-input', `training configuration: seed: at most ${MOST}`)
}

/** Puts a run into the queue, for whichever worker takes it. */
export async function startRun(database: Database, options: RunOptions): Promise<{ run: Run; job: string }> {
  const run = await prepareRun(database, undefined, options)
  return { run, job: await submitJob(database, trainJob, { run: run.id }) }
}

function defaultName(harvest: Harvest, { architecture, d_sae, k, seed }: TrainConfig): string {
  const parts = [architecture, d_sae, ...(k === undefined ? [] : [`k${k}`]), ...(seed === 0 ? [] : [`seed${seed}`])]
  return `${harvest.name}/${parts.join('-')}`
}

/** Refuses to resume under other settings, naming every difference. */
function requireSameSettings(run: Run, given: Record<string, unknown>): void {
  // An engine that is still to be chosen agrees with any.
  const isOpen = run.engine === 'auto' || given['engine'] === 'auto'
  const engine = isOpen ? given['engine'] : run.engine
  const config = withDefaults(run.config as Record<string, unknown>)
  const stored: Record<string, unknown> = { ...config, harvest: run.harvestId, engine }
  const keys = [...new Set([...Object.keys(stored), ...Object.keys(given)])]
  const differing = keys.filter((key) => JSON.stringify(stored[key]) !== JSON.stringify(given[key]))
  if (differing.length === 0) return
  const list = differing.map(
    (key) => `${key}: ${JSON.stringify(stored[key])} there, ${JSON.stringify(given[key])} here`,
  )
  throw new LoupeError('mismatch', `the run "${run.name}" was begun with other settings: ${list.join('; ')}`, {
    remedy: 'give the same settings, or start a new run under another --name',
  })
}
