/** Training runs: checked and written down before the first step, found again to go on. */
import { LoupeError } from '../trainer/errors'
import { createEngine, type EngineName } from '../trainer/sae/engines'
import { checkMemory } from '../trainer/sae/memoryPlan'
import { resolveTrainConfig, type TrainConfig } from '../trainer/sae/registry'
import type { Backend } from '../trainer/tensors/backend'
import type { Database } from './db/client'
import type { Harvest, Run } from './db/generated/client'
import { requireFreeName } from './dictionaries'
import { measuredLayoutOf } from './harvests'

export interface RunOptions {
  harvest: Harvest
  /** Settings as given: `{ architecture, d_sae, k, tokens, … }` without `d_in`. */
  settings: Readonly<Record<string, unknown>>
  /** Name of the run and of the dictionary it makes; by default made from the settings. */
  name?: string
  engine: EngineName
  /** Go on with the newest unfinished run of that name. */
  resume: boolean
}

/** Checks everything that can be checked before the first step, then writes the run down, or finds the one to resume. */
export async function prepareRun(database: Database, backend: Backend, options: RunOptions): Promise<Run> {
  const { harvest, settings, resume } = options
  const { d_in } = measuredLayoutOf(harvest)
  const config = resolveTrainConfig({ ...settings, d_in })
  const name = options.name ?? defaultName(harvest, config)
  const engine = createEngine(options.engine).info.name
  await requireFreeName(database, name)
  const unfinished = await database.prisma.run.findFirst({
    where: { name, status: { in: ['pending', 'running'] } },
    orderBy: { createdAt: 'desc' },
  })
  if (resume) {
    if (!unfinished)
      throw new LoupeError('not-found', `there is no unfinished run named "${name}"`, { remedy: 'leave --resume out' })
    requireSameSettings(unfinished, { ...config, harvest: harvest.id, engine })
    return unfinished
  }
  if (unfinished) {
    throw new LoupeError(
      'conflict',
      `the run "${name}" is unfinished (step ${unfinished.step} of ${unfinished.steps})`,
      {
        remedy: 'go on with --resume, or choose another --name',
      },
    )
  }
  checkMemory(config)
  const { architecture, seed, tokens, batchSize } = config
  return database.prisma.run.create({
    data: {
      ...{ name, harvestId: harvest.id, architecture, seed, config, engine, device: backend.device },
      steps: Math.ceil(tokens / batchSize),
    },
  })
}

function defaultName(harvest: Harvest, { architecture, d_sae, k, seed }: TrainConfig): string {
  return `${harvest.name}/${architecture}-${d_sae}-k${k}${seed === 0 ? '' : `-seed${seed}`}`
}

/** Refuses to resume under other settings, naming every difference. */
function requireSameSettings(run: Run, given: Record<string, unknown>): void {
  const stored: Record<string, unknown> = { ...(run.config as object), harvest: run.harvestId, engine: run.engine }
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
