/** Job `train`: one run, in one part; its checkpoints carry it over interrupts and crashes. */
import { z } from 'zod'
import { availableMemory } from '../../../trainer/availableMemory'
import { measureBothRules, type EngineSizes } from '../../../trainer/evaluate/bothRules'
import { reportOnRun, reportWarnings, type RunReport } from '../../../trainer/evaluate/runReport'
import { Dictionary } from '../../../trainer/sae/dictionary/dictionary'
import { createEngine } from '../../../trainer/sae/engines'
import { resolveEngine } from '../../../trainer/sae/engines/names'
import { checkMemory } from '../../../trainer/sae/training/memoryPlan'
import { architectureNamed, resolveTrainConfig, type TrainConfig } from '../../../trainer/sae/architectures'
import { train, type Progress, type TrainResult } from '../../../trainer/sae/training/train'
import { readBlob } from '../../../trainer/store/blobs'
import { transaction } from '../../../trainer/store/database'
import type { Split } from '../../../trainer/store/layout'
import { defaultWindowShards, trainingBatches } from '../../../trainer/store/trainingStream'
import type { Database } from '../../db/connect'
import { Prisma, type Harvest, type Run } from '../../db/generated/client'
import { storeDictionaryWithin, writtenBy } from '../../dictionaries/weights'
import { measuredLayoutOf } from '../../harvests/rows'
import { readParent, RunParent } from '../rows'
import { needsOf } from '../settings'
import { storeReportWithin } from '../report'
import { defineJobKind, type JobContext } from '../../jobs/kind'
import { logJob } from '../../jobs/log'
import { newestJobs } from '../../jobs/subject'
import { trainJob } from '../../jobs/specs'
import { CheckpointKeeper } from './checkpoints'
import { heldOutRows, sampleOf } from './heldOut'

const Part = z.strictObject({})

/** `LOUPE_CHECKPOINT_SECONDS` overrides. A checkpoint of 5M parameters takes about a second to store. */
const CHECKPOINT_SECONDS = 60
const METRICS_EVERY_STEPS = 10
/** Held-out figures along the run, this often. */
const EVALUATIONS = 10

/** What a checkpoint's bytes do not say about the data it goes on with. */
const Position = z.strictObject({ windowShards: z.int().positive() })

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
    // Whoever submitted the run may have had more memory, or less to do with it.
    checkMemory(config, availableMemory())
    const newest = await newestCheckpoint(database, id)
    // Which shards are shuffled together is part of the order of the rows, so it stays what it was at the start.
    const { windowShards } = Position.parse(newest?.position ?? { windowShards: defaultWindowShards(layout) })
    const checkpoints = await CheckpointKeeper.of(database, run, { windowShards }, config)
    const rows = (split: Split, startRow = 0) =>
      trainingBatches(database.pool, layout, {
        // Held-out rows are those of every run on this harvest, so that their figures can be compared.
        split,
        batchSize: config.batchSize,
        seed: split === 'train' ? config.seed : 0,
        startRow,
        windowShards,
        beside: needsOf(config.architecture),
      })
    const heldOut = () => heldOutRows(database.pool, layout, () => rows('held-out'))
    const sample = await sampleOf(heldOut(), layout.d_in)
    const sizes = sizesOf(config)
    const engine = createEngine(run.engine)
    let figures: object = {}
    try {
      const result = await train({
        config,
        engine,
        stage,
        batches: (startRow) => rows('train', startRow),
        ...(newest ? { resumeFrom: await readBlob(database.pool, newest.blobId) } : await parentOf(database, run)),
        metricsEverySteps: METRICS_EVERY_STEPS,
        onMetrics: ({ step, tokens, ...values }) => storeMetrics(database, id, { step, tokens }, { training: values }),
        evaluateEverySteps: Math.max(1, Math.floor(run.steps / EVALUATIONS)),
        onEvaluate: async (at) => {
          if (sample.length === 0) return false
          const found = await measureBothRules(engine, sizes, sample)
          await storeMetrics(database, id, at, { heldOut: found })
          figures = found
          return checkpoints.evaluatedAt(at, found)
        },
        checkpointEverySeconds: Number(process.env['LOUPE_CHECKPOINT_SECONDS'] ?? CHECKPOINT_SECONDS),
        checkpointAt: checkpoints.kept,
        onCheckpoint: (at, bytes) => checkpoints.store(at, bytes),
      })
      const { signal } = stage
      const report = sample.length > 0 ? await reportOnRun({ ...sizes, engine, batches: heldOut(), signal }) : undefined
      if (report) await logWarnings(database, id, report)
      return await storeResult({ context, run, harvest, checkpoints, result, figures, ...(report && { report }) })
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

async function parentOf(database: Database, { parent }: Run): Promise<{ beginFrom?: Buffer }> {
  return parent ? { beginFrom: await readParent(database, RunParent.parse(parent)) } : {}
}

function sizesOf(config: TrainConfig): EngineSizes & { d_in: number } {
  const { d_in, d_sae, d_out = d_in }: { d_in: number; d_sae: number; d_out?: number } = config
  const { needs = [] } = architectureNamed(config.architecture)
  return { d_in, d_out, d_sae, needsGradient: needs.includes('gradient') }
}

async function logWarnings(database: Database, runId: string, report: RunReport): Promise<void> {
  const job = (await newestJobs(database, 'run', [runId])).get(runId)
  if (job) for (const line of reportWarnings(report)) await logJob(database, job.id, 'warning', line)
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

interface Ended {
  context: JobContext
  run: Run
  harvest: Harvest
  checkpoints: CheckpointKeeper
  result: TrainResult
  /** Of the sample along the run, at its end. */
  figures: object
  report?: RunReport
}

/** The dictionary, the last checkpoint and the end of the run come in one transaction. */
async function storeResult({ context, run, harvest, checkpoints, result, figures, report }: Ended): Promise<object> {
  const { database, backend } = context
  const { modelId, hook } = harvest
  const { dictionary: folded, metrics: training } = result
  // Heads are concatenated in the harvest; the dictionary takes them apart or together.
  const reshape_activations = hook.endsWith('hook_z') ? 'hook_z' : 'none'
  const dictionary = Dictionary.create({ ...folded.config, reshape_activations }, folded.tensors, `run ${run.name}`)
  const metrics = { training, heldOut: figures }
  const bytes = await result.checkpoint()
  await transaction(database.pool, async (client) => {
    await storeDictionaryWithin(client, {
      name: run.name,
      dictionary,
      origin: 'run',
      runId: run.id,
      modelId,
      hook,
      ...writtenBy(dictionary, harvest),
      provenance: { harvest: run.harvestId, config: run.config, engine: run.engine, fingerprint: backend.fingerprint },
    })
    await checkpoints.storeWithin(client, training, bytes)
    if (report) await storeReportWithin(client, run, backend.device, report)
    await client.query(
      `UPDATE run SET status = 'finished', finished_at = now(), step = steps, metrics = $2 WHERE id = $1`,
      [run.id, JSON.stringify(metrics)],
    )
  })
  return { run: run.id, dictionary: run.name, metrics }
}
