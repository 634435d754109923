/** Job `train`: one run, in one part; its checkpoints carry it over interrupts and crashes. */
import { z } from 'zod'
import { ReconstructionMeter } from '../../../trainer/evaluate/reconstruction'
import { Dictionary } from '../../../trainer/sae/dictionary'
import { createEngine } from '../../../trainer/sae/engines'
import { resolveEngine } from '../../../trainer/sae/engines/names'
import { resolveTrainConfig } from '../../../trainer/sae/registry'
import type { TrainEngine } from '../../../trainer/sae/spec'
import { train, type Progress, type TrainResult } from '../../../trainer/sae/train'
import { deleteBlob, putBlobWithin, readBlob } from '../../../trainer/store/blobs'
import { transaction } from '../../../trainer/store/database'
import { splitShards, type MeasuredLayout } from '../../../trainer/store/layout'
import { orderedBatches } from '../../../trainer/store/orderedStream'
import { defaultWindowShards, trainingBatches } from '../../../trainer/store/trainingStream'
import type { Database } from '../../db/connect'
import { Prisma, type Run } from '../../db/generated/client'
import { storeDictionaryWithin } from '../../dictionaryWeights'
import { measuredLayoutOf } from '../../harvests'
import { defineJobKind, type JobContext } from '../kind'
import { trainJob } from '../specs'

const Part = z.strictObject({})

/** What a checkpoint's bytes do not say about the data it goes on with. */
const Position = z.strictObject({ windowShards: z.int().positive() })
type Position = z.output<typeof Position>

/** `LOUPE_CHECKPOINT_SECONDS` overrides. A checkpoint of 5M parameters takes about a second to store. */
const CHECKPOINT_SECONDS = 60
const METRICS_EVERY_STEPS = 10
/** Held-out figures along the run: this often, on this many tokens. */
const EVALUATIONS = 10
const EVALUATION_TOKENS = 8192
const EVALUATION_BATCH = 2048

export const trainKind = defineJobKind({
  ...trainJob,
  part: Part,

  async plan({ run: id }, { database, backend }) {
    const { config, engine } = await findRun(database, id)
    const { tokens } = resolveTrainConfig(config)
    // A run that was begun where nothing is computed leaves the choice to whoever takes it.
    const decided = { engine: resolveEngine(engine, backend.name), device: backend.device }
    await database.prisma.run.update({
      where: { id },
      data: { ...decided, status: 'running', error: Prisma.DbNull, finishedAt: null },
    })
    return [{ spec: {}, total: tokens }]
  },

  async run({ run: id }, _part, context) {
    const { database, stage } = context
    const run = await findRun(database, id)
    const harvest = await database.prisma.harvest.findUniqueOrThrow({ where: { id: run.harvestId } })
    const layout = measuredLayoutOf(harvest)
    const config = resolveTrainConfig(run.config)
    const engine = createEngine(run.engine)
    const heldOut = await heldOutSample(database, layout)
    let figures: object = {}
    try {
      const newest = await newestCheckpoint(database, id)
      // Which shards are shuffled together is part of the order of the rows, so it stays what it was at the start.
      const { windowShards } = Position.parse(newest?.position ?? { windowShards: defaultWindowShards(layout) })
      const result = await train({
        config,
        engine,
        stage,
        batches: (startRow) =>
          trainingBatches(database.pool, layout, {
            ...{ split: 'train', batchSize: config.batchSize, seed: config.seed, startRow, windowShards },
          }),
        ...(newest ? { resumeFrom: await readBlob(database.pool, newest.blobId) } : {}),
        metricsEverySteps: METRICS_EVERY_STEPS,
        onMetrics: ({ step, tokens, ...values }) => storeMetrics(database, id, { step, tokens }, { training: values }),
        evaluateEverySteps: Math.max(1, Math.floor(run.steps / EVALUATIONS)),
        onEvaluate: async (at) => {
          figures = await heldOutFigures(engine, heldOut, layout.d_in, config.d_sae)
          await storeMetrics(database, id, at, { heldOut: figures })
        },
        checkpointEverySeconds: Number(process.env['LOUPE_CHECKPOINT_SECONDS'] ?? CHECKPOINT_SECONDS),
        onCheckpoint: (at, bytes) => storeCheckpoint(database, id, at, { windowShards }, bytes),
      })
      return await storeResult(context, run, { modelId: harvest.modelId, hook: harvest.hook }, result, figures)
    } finally {
      engine.dispose()
    }
  },

  finish: (_spec, [result]) => Promise.resolve(result ?? {}),
})

function findRun(database: Database, id: string): Promise<Run> {
  return database.prisma.run.findUniqueOrThrow({ where: { id } })
}

function newestCheckpoint(database: Database, runId: string) {
  return database.prisma.checkpoint.findFirst({ where: { runId }, orderBy: { step: 'desc' } })
}

/** The first held-out rows that count, `[n, d_in]`. */
async function heldOutSample({ pool }: Database, layout: MeasuredLayout): Promise<Float32Array[]> {
  const sample: Float32Array[] = []
  const shards = splitShards(layout, 'held-out')
  for await (const { x } of orderedBatches(pool, layout, { shards, batchSize: EVALUATION_BATCH })) {
    sample.push(x)
    if (sample.length * EVALUATION_BATCH >= EVALUATION_TOKENS) break
  }
  return sample
}

async function heldOutFigures(
  engine: TrainEngine,
  sample: Float32Array[],
  d_in: number,
  d_sae: number,
): Promise<object> {
  if (sample.length === 0) return {}
  const meter = new ReconstructionMeter(d_in, d_sae)
  for (const x of sample) {
    const codes = await engine.encode(x)
    meter.add(x, await engine.decode(codes), codes)
  }
  // An engine's codes are in its own scaled units: everything but their size is the same in raw ones.
  return { ...meter.figures(), l1: undefined }
}

async function storeMetrics(
  database: Database,
  runId: string,
  { step, tokens }: Progress,
  values: object,
): Promise<void> {
  await database.pool.query(
    `INSERT INTO run_metric (run_id, step, tokens, metrics) VALUES ($1, $2, $3, $4)
     ON CONFLICT (run_id, step) DO UPDATE SET metrics = run_metric.metrics || EXCLUDED.metrics`,
    [runId, step, tokens, JSON.stringify(values)],
  )
  await database.pool.query('UPDATE run SET step = $2, metrics = coalesce(metrics, $4) || $3 WHERE id = $1', [
    runId,
    step,
    JSON.stringify(values),
    '{}',
  ])
}

/** Keeps the newest checkpoint alone: the row, its blob and the removal of the older ones come together. */
async function storeCheckpoint(
  database: Database,
  runId: string,
  { step }: Progress,
  position: Position,
  bytes: Buffer,
): Promise<void> {
  await transaction(database.pool, async (client) => {
    const { rows: old } = await client.query<{ blob_id: string }>(
      'DELETE FROM checkpoint WHERE run_id = $1 RETURNING blob_id',
      [runId],
    )
    const { id } = await putBlobWithin(client, bytes)
    await client.query('INSERT INTO checkpoint (run_id, step, blob_id, position) VALUES ($1, $2, $3, $4)', [
      runId,
      step,
      id,
      JSON.stringify(position),
    ])
    for (const { blob_id } of old) await deleteBlob(client, blob_id)
  })
}

/** The dictionary and the end of the run come in one transaction. */
async function storeResult(
  { database, backend }: JobContext,
  run: Run,
  tie: { modelId: string; hook: string },
  { dictionary: folded, metrics }: TrainResult,
  heldOut: object,
): Promise<object> {
  // Heads are concatenated in the harvest; the dictionary takes them apart or together.
  const reshape_activations = tie.hook.endsWith('hook_z') ? 'hook_z' : 'none'
  const dictionary = Dictionary.create({ ...folded.config, reshape_activations }, folded.tensors, `run ${run.name}`)
  const figures = { training: metrics, heldOut }
  await transaction(database.pool, async (client) => {
    await storeDictionaryWithin(client, {
      ...{ name: run.name, dictionary, origin: 'run', runId: run.id, ...tie },
      provenance: { harvest: run.harvestId, config: run.config, engine: run.engine, fingerprint: backend.fingerprint },
    })
    await client.query(
      `UPDATE run SET status = 'finished', finished_at = now(), step = steps, metrics = $2 WHERE id = $1`,
      [run.id, JSON.stringify(figures)],
    )
  })
  return { run: run.id, dictionary: run.name, metrics: figures }
}
