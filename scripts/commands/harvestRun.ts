/** The work of `loupe harvest`. */
import { harvestKind } from '../../lib/harvests/job'
import { prepareHarvest } from '../../lib/harvests/plan'
import { requireHarvestById } from '../../lib/harvests/rows'
import { runJob } from '../../lib/jobs/run'
import type { Context } from '../cli/context'
import { openModel } from '../cli/models'
import type { HarvestFlags } from './harvestOptions'

export async function runHarvest({ context: contextSize, ...options }: HarvestFlags, context: Context) {
  const database = await context.database()
  const backend = await context.backend()
  const { row, loaded } = await openModel(context, options.model)
  const planning = context.terminal.stage('contexts', 'tokens')
  const { harvest: planned, notes } = await prepareHarvest(database, {
    row,
    loaded,
    backend,
    stage: planning,
    options: { ...options, contextSize },
  }).finally(() => planning.end())
  loaded.model.dispose()
  for (const note of notes) context.terminal.warn(note)
  const stage = context.terminal.stage('harvest', 'tokens')
  if (planned.status !== 'finished') await runJob(database, backend, harvestKind, { harvest: planned.id }, stage)
  const { name, tokens, shards, excluded, medianNorm } = await requireHarvestById(database, planned.id)
  return { harvest: name, tokens, shards, excluded, medianNorm, ...stage.end(), engine: backend.fingerprint }
}
