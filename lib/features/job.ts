/** Job `dashboards`: counts the statistics of every feature over a harvest, in parts by ranges of features. */
import { z } from 'zod'
import { computeFeaturePart, decoderRows, featureParts } from '../../trainer/dashboards/compute'
import { logitMethod } from '../../trainer/dashboards/logits'
import { writeFeaturePart } from '../../trainer/dashboards/table'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { MeasuredLayout } from '../../trainer/store/layout'
import { countRows } from '../../trainer/store/measure'
import { orderedBatches } from '../../trainer/store/orderedStream'
import type { Database } from '../db/connect'
import { requireAttached } from '../dictionaries/rows'
import { loadModel } from '../models/load'
import { requireModelById } from '../models/rows'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { openMeasured, writtenHook } from '../dictionaries/measured'
import { statisticsJob, type StatisticsResult } from './schema'
import { finishFeatureSet, startFeatureSet } from './sets'

/** Features `[from, to)`. */
const Part = z.strictObject({ from: z.int().min(0), to: z.int().min(1) })

/** What a part leaves. */
const PartResult = z.strictObject({ seconds: z.number(), features: z.int(), tokens: z.number() })

type Spec = z.output<typeof statisticsJob.schema>

const ENCODED_ROWS = 2048

export const statisticsKind = defineJobKind({
  ...statisticsJob,
  part: Part,

  async plan(spec, { database }) {
    const row = await database.prisma.dictionary.findUniqueOrThrow({ where: { id: spec.dictionary } })
    const { hook } = requireAttached(row)
    const harvest = await database.prisma.harvest.findUniqueOrThrow({ where: { id: spec.harvest } })
    await startFeatureSet(database, spec, logitMethod(writtenHook(row, harvest, hook) ?? ''))
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
    const results = z.array(PartResult).parse(parts)
    const sum = (column: 'seconds' | 'features') => results.reduce((total, part) => total + part[column], 0)
    const tokens = results[0]?.tokens ?? 0
    const summary = await finishFeatureSet(database, spec.dictionary, tokens)
    const features = sum('features')
    const result: StatisticsResult = {
      features,
      live: summary.live,
      tokens,
      featuresPerSecond: features / sum('seconds'),
    }
    return result
  },
})

async function openWork(context: JobContext, spec: Spec) {
  const { database, stage } = context
  const { dictionary, layout, modelId, writes } = await openMeasured(database, spec)
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
