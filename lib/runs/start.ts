/** Starts training runs: checks everything that can be checked before the first step, stores the run, queues its job. */
import { availableMemory } from '../../trainer/availableMemory'
import { LoupeError } from '../../trainer/errors'
import { resolveTrainConfig, withDefaults, type TrainConfig } from '../../trainer/sae/architectures'
import { runSteps } from '../../trainer/sae/architectures/schedule'
import { resolveEngine, type EngineName } from '../../trainer/sae/engines/names'
import { requireFittingConfig } from '../../trainer/sae/training/fineTune'
import { checkMemory } from '../../trainer/sae/training/runMemory'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'
import { requireFreeName } from '../dictionaries/rows'
import { isTranscoder } from '../../trainer/sae/dictionary/site'
import { measuredLayoutOf } from '../harvests/rows'
import { submitJob } from '../jobs/queue'
import { needsOf } from './architectures'
import { keepCheckpoint, requireCheckpoint } from './checkpoints'
import { insertRun, newestRunNamed, type NewRun, type RunRow } from './rows'
import { trainJob, type RunParent } from './schema'
import { settingsOn } from './settings'

export interface RunRequest {
  harvest: Harvest
  /** `{ architecture, d_sae, k, tokens, … }`, without the widths that the harvest decides. */
  settings: Readonly<Record<string, unknown>>
  /** Name of the run and of the dictionary it makes. Default: made from the settings. */
  name?: string | undefined
  engine: EngineName
  /** Continue the newest run of that name if it is not finished: interrupted, cancelled or failed. */
  resume: boolean
  /** Start from the weights of a checkpoint: `RUN`, `RUN@best` or `RUN@STEP`. */
  from?: string | undefined
}

/** What the row of a run holds about the backend. */
type RunBackend = Pick<Backend, 'name' | 'device'>

/**
 * Checks everything that can be checked before the first step, then stores the run, or finds the one to resume.
 * @param backend undefined where nothing is computed: then the worker that takes the run decides engine and device
 */
export async function prepareRun(
  database: Database,
  backend: RunBackend | undefined,
  request: RunRequest,
): Promise<RunRow> {
  const checked = await checkRun(database, backend, request)
  if ('resumed' in checked) return checked.resumed
  if (checked.created.parent) await keepCheckpoint(database, checked.created.parent)
  return insertRun(database, checked.created)
}

/** What `prepareRun` checks, without writing: the row of a new run, or the run that continues. */
export async function checkRun(
  database: Database,
  backend: RunBackend | undefined,
  request: RunRequest,
): Promise<{ created: NewRun } | { resumed: RunRow }> {
  const { harvest, settings, resume, from } = request
  measuredLayoutOf(harvest)
  const config = resolveTrainConfig(settingsOn(harvest, settings, needsOf(settings['architecture'])))
  requireCountable(config)
  const name = request.name ?? defaultName(harvest, config)
  const engine = backend ? resolveEngine(request.engine, backend.name) : request.engine
  await requireFreeName(database, name)
  const newest = await newestRunNamed(database, name)
  if (resume) {
    if (from !== undefined)
      throw new LoupeError('bad-usage', 'a resumed run has started already', { remedy: 'leave --from out' })
    if (!newest || newest.status === 'finished')
      throw new LoupeError('not-found', `there is no unfinished run named "${name}"`, { remedy: 'leave --resume out' })
    requireSameSettings(newest, { ...config, harvest: harvest.id, engine })
    return { resumed: newest }
  }
  if (newest?.status === 'pending' || newest?.status === 'running') {
    throw new LoupeError('conflict', `the run "${name}" is unfinished (step ${newest.step} of ${newest.steps})`, {
      remedy: 'continue it with --resume, or choose another --name',
    })
  }
  checkMemory(config, availableMemory())
  const parent = from ? await requireParent(database, from, { harvest, config }) : undefined
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

/** Puts a run into the queue, for any worker. */
export async function startRun(database: Database, request: RunRequest): Promise<{ run: RunRow; job: string }> {
  const run = await prepareRun(database, undefined, request)
  return { run, job: await submitJob(database, trainJob, { run: run.id }) }
}

/** Larger numbers do not fit into the columns of the database. */
const LARGEST_INT = 2 ** 31 - 1

function requireCountable(config: TrainConfig): void {
  const { batchSize, seed } = config
  const steps = runSteps(config)
  if (steps > LARGEST_INT) {
    const message = `training configuration: tokens: they make ${steps} steps of ${batchSize}, and the limit is ${LARGEST_INT}`
    throw new LoupeError('bad-input', message, { remedy: 'train on fewer tokens, or choose a larger batchSize' })
  }
  if (seed > LARGEST_INT) throw new LoupeError('bad-input', `training configuration: seed: the limit is ${LARGEST_INT}`)
}

function defaultName(harvest: Harvest, config: TrainConfig): string {
  const { architecture, d_sae, seed } = config
  // An architecture can have no k.
  const k = 'k' in config ? config.k : undefined
  const parts = [architecture, d_sae, ...(k === undefined ? [] : [`k${k}`]), ...(seed === 0 ? [] : [`seed${seed}`])]
  return `${harvest.name}/${parts.join('-')}`
}

/** Refuses to resume under other settings, naming every difference. */
function requireSameSettings(run: RunRow, wanted: Record<string, unknown>): void {
  // An engine that is still to be chosen agrees with any.
  const isOpen = run.engine === 'auto' || wanted['engine'] === 'auto'
  const engine = isOpen ? wanted['engine'] : run.engine
  const stored: Record<string, unknown> = { ...withDefaults(run.config), harvest: run.harvestId, engine }
  const keys = [...new Set([...Object.keys(stored), ...Object.keys(wanted)])]
  const differing = keys.filter((key) => JSON.stringify(stored[key]) !== JSON.stringify(wanted[key]))
  if (differing.length === 0) return
  const list = differing.map(
    (key) => `${key}: ${JSON.stringify(stored[key])} there, ${JSON.stringify(wanted[key])} here`,
  )
  throw new LoupeError('mismatch', `the run "${run.name}" started with other settings: ${list.join('; ')}`, {
    remedy: 'use the same settings, or start a new run under another --name',
  })
}

/**
 * The checkpoint that a new run starts from.
 * @throws LoupeError if the new run has another model, hook or target, other widths, or trains other tensors
 */
async function requireParent(
  database: Database,
  checkpointName: string,
  child: { harvest: Harvest; config: TrainConfig },
): Promise<RunParent> {
  const { run, checkpoint } = await requireCheckpoint(database, checkpointName)
  const [stored, wanted] = [withSite(run.config, run.harvest), withSite({ ...child.config }, child.harvest)]
  const differing = ['model', 'hook', 'target hook', 'd_in', 'd_out', 'd_sae'].filter(
    (key) => stored[key] !== wanted[key],
  )
  if (differing.length > 0) {
    const list = differing.map((key) => `${key}: ${shown(stored[key])} there, ${shown(wanted[key])} here`)
    throw new LoupeError('mismatch', `a run cannot start from "${checkpointName}": ${list.join('; ')}`, {
      remedy: 'choose a harvest of the same model and hook, and the same d_sae',
    })
  }
  requireFittingConfig(resolveTrainConfig(run.config), child.config)
  return { run: run.id, name: run.name, step: checkpoint.step, sha256: checkpoint.sha256 }
}

/** Settings of a run, with where it reads and, for a transcoder, where it writes. */
function withSite(
  config: Readonly<Record<string, unknown>>,
  { modelId, hook, targetHook }: Harvest,
): Record<string, unknown> {
  return { ...config, model: modelId, hook, ...(isTranscoder({ config }) && { 'target hook': targetHook }) }
}

const shown = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value))
