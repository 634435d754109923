/** Job `dashboards`: statistics of every feature over a harvest, in parts by ranges of features. */
import { z } from 'zod'
import { computeFeaturePart, decoderRows, featureParts } from '../../trainer/dashboards/compute'
import { logitMethod } from '../../trainer/dashboards/logits'
import { writeFeaturePart } from '../../trainer/dashboards/table'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { MeasuredLayout } from '../../trainer/store/layout'
import { countRows } from '../../trainer/store/measure'
import { orderedBatches } from '../../trainer/store/orderedStream'
import type { Database } from '../db/connect'
import { Prisma } from '../db/generated/client'
import { requireAttached } from '../dictionaries/rows'
import { summariseFeatures } from './statistics'
import { loadModel, requireModelById } from '../models/rows'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { openMeasured, writtenHook } from '../evaluations/measured'
import { dashboardsJob } from '../jobs/specs'

/** Features `[from, to)`. */
const Part = z.strictObject({ from: z.int().min(0), to: z.int().min(1) })

type Spec = z.output<typeof dashboardsJob.schema>

const ENCODED_ROWS = 2048

export const dashboardsKind = defineJobKind({
  ...dashboardsJob,
  part: Part,

  async plan(spec, { database }) {
    const row = await database.prisma.dictionary.findUniqueOrThrow({ where: { id: spec.dictionary } })
    const { hook } = requireAttached(row)
    const harvest = await database.prisma.harvest.findUniqueOrThrow({ where: { id: spec.harvest } })
    const method = logitMethod(writtenHook(row, harvest, hook) ?? '')
    const config = { shards: spec.shards, seed: spec.seed, logitMethod: method }
    const data = {
      harvestId: spec.harvest,
      tokens: 0,
      config,
      summary: Prisma.DbNull,
      status: 'running' as const,
      finishedAt: null,
    }
    await database.prisma.featureSet.upsert({
      where: { dictionaryId: spec.dictionary },
      create: { dictionaryId: spec.dictionary, ...data },
      update: data,
    })
    return featureParts(row.dSae).map((part) => ({ spec: part, total: part.to - part.from }))
  },

  async run(spec, { from, to }, context) {
    const { database, stage, cache } = context
    const work = await cache.get(`dashboards ${spec.dictionary}`, () => openWork(context, spec))
    const { pool } = database
    const started = performance.now()
    const rows = await computeFeaturePart({
      dictionary: work.dictionary,
      decoder: work.decoder,
      hook: work.writes ?? '',
      model: work.model,
      batches: orderedBatches(pool, work.layout, { shards: { from: 0, to: spec.shards }, batchSize: ENCODED_ROWS }),
      contextSize: work.layout.contextSize,
      contexts: spec.shards * work.layout.contextsPerShard,
      totalTokens: work.tokens,
      from,
      to,
      seed: spec.seed,
      stage,
    })
    await writeFeaturePart(pool, spec.dictionary, { from, to }, rows)
    return { seconds: (performance.now() - started) / 1000, features: to - from, tokens: work.tokens }
  },

  async finish(spec, parts, { database }) {
    const results = parts as { seconds: number; features: number; tokens: number }[]
    const sum = (of: 'seconds' | 'features') => results.reduce((total, part) => total + part[of], 0)
    const tokens = results[0]?.tokens ?? 0
    const summary = await summariseFeatures(database.pool, spec.dictionary, tokens)
    await database.prisma.featureSet.update({
      where: { dictionaryId: spec.dictionary },
      data: { tokens, summary, status: 'finished', finishedAt: new Date() },
    })
    const features = sum('features')
    return { features, live: summary.live, tokens, featuresPerSecond: features / sum('seconds') }
  },
})

async function openWork(context: JobContext, spec: Spec) {
  const { database, stage } = context
  const { dictionary, layout, modelId, writes } = await openMeasured(context, spec)
  const quiet = { ...stage, report: () => undefined }
  const { model } = await loadModel(database, await requireModelById(database, modelId), quiet)
  const decoder = decoderRows(dictionary)
  const tokens = await countTokens(database, layout, spec.shards)
  return { dictionary, decoder, model, writes, layout, tokens, dispose: () => disposeAll(dictionary, decoder, model) }
}

function disposeAll(dictionary: Dictionary, ...others: { dispose(): void }[]): void {
  dictionary.dispose()
  for (const other of others) other.dispose()
}

async function countTokens({ pool }: Database, layout: MeasuredLayout, shards: number): Promise<number> {
  const counts = [...(await countRows(pool, layout, 'train')), ...(await countRows(pool, layout, 'held-out'))]
  return counts.slice(0, shards).reduce((sum, count) => sum + count, 0)
}
