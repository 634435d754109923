/** Job `harvest`: plans the contexts of a harvest, runs them through the model up to the hook, and stores the activations. */
import { z } from 'zod'
import { openCorpus } from '../../trainer/corpus/corpus'
import { LoupeError } from '../../trainer/errors'
import { batchCount, harvestBatch, shardsOfBatch } from '../../trainer/harvest/batch'
import { measureHarvest } from '../../trainer/store/measure'
import { missingShards } from '../../trainer/store/shards'
import type { Harvest } from '../db/generated/client'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { logJob } from '../jobs/log'
import { loadModel } from '../models/load'
import { requireModelById } from '../models/rows'
import { planHarvest } from './plan'
import { isPlanned, layoutOf, provenanceOf, requireHarvestById, sitesOf } from './rows'
import { harvestJob } from './schema'

/** Batches `[from, to)` of the harvest. */
const Part = z.strictObject({ from: z.int().min(0), to: z.int().min(1) })

/** A part is a few seconds of work on two cores: the most that a killed worker loses. */
const BATCHES_PER_PART = 2

export const harvestKind = defineJobKind({
  ...harvestJob,
  part: Part,

  async plan({ harvest: id }, context) {
    const { prisma } = context.database
    const harvest = await plannedHarvest(context, await requireHarvestById(context.database, id))
    requireEngine(harvest, context.backend.fingerprint)
    const batches = batchCount(layoutOf(harvest))
    const tokensUntil = (batch: number) => Math.round((harvest.tokens! / batches) * batch)
    // Not a harvest that was cancelled during the planning.
    await prisma.harvest.updateMany({ where: { id, status: 'pending' }, data: { status: 'running' } })
    return Array.from({ length: Math.ceil(batches / BATCHES_PER_PART) }, (_, part) => {
      const from = part * BATCHES_PER_PART
      const to = Math.min(from + BATCHES_PER_PART, batches)
      return { spec: { from, to }, total: tokensUntil(to) - tokensUntil(from) }
    })
  },

  async run({ harvest: id }, { from, to }, context) {
    const { database, stage } = context
    const harvest = await requireHarvestById(database, id)
    const layout = layoutOf(harvest)
    const missing = new Set(await missingShards(database.pool, layout))
    const { model } = await openHarvestModel(context, harvest)
    const sites = sitesOf(harvest)
    for (let batch = from; batch < to; batch++) {
      if (stage.signal.aborted) throw new LoupeError('cancelled', 'the harvest was interrupted')
      const shards = shardsOfBatch(layout, batch)
      if (shards.some((idx) => missing.has(idx))) await harvestBatch(database.pool, layout, sites, shards, model)
      stage.report(batch + 1 - from, to - from)
    }
    return undefined
  },

  async finish({ harvest: id }, _parts, { database }) {
    const harvest = await requireHarvestById(database, id)
    const { tokens, medianNorm, excluded } = await measureHarvest(database.pool, layoutOf(harvest))
    await database.prisma.harvest.update({
      where: { id },
      data: { tokens, medianNorm, excluded: { ...excluded }, status: 'finished', finishedAt: new Date() },
    })
    return { harvest: harvest.name, tokens, medianNorm }
  },
})

/** A harvest that was requested over HTTP is planned here; `loupe harvest` has planned its own. */
async function plannedHarvest(context: JobContext, harvest: Harvest): Promise<Harvest> {
  if (isPlanned(harvest)) return harvest
  const { database, job, backend, stage } = context
  const corpus = openCorpus(provenanceOf(harvest).corpus)
  for (const note of corpus.notes) await logJob(database, job, 'warning', note)
  return planHarvest(database, harvest, corpus, { loaded: await openHarvestModel(context, harvest), backend, stage })
}

function requireEngine(harvest: Harvest, fingerprint: string): void {
  const { engine } = provenanceOf(harvest)
  if (engine === fingerprint) return
  throw new LoupeError(
    'mismatch',
    `the harvest ${harvest.name} belongs to the engine "${engine}"; this process computes on "${fingerprint}"`,
    { remedy: 'continue on that engine, or harvest again here under another --name' },
  )
}

/** Loaded once for all parts of a job that this process takes. */
function openHarvestModel({ database, stage, cache }: JobContext, { modelId }: Harvest) {
  return cache.get(`model ${modelId}`, async () => {
    const row = await requireModelById(database, modelId)
    const { model, tokenizer } = await loadModel(database, row, { ...stage, report: () => undefined })
    return { model, tokenizer, dispose: () => model.dispose() }
  })
}
