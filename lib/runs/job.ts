/** Job `train`: one run, in one part. After an interrupt or a crash it continues from its newest checkpoint. */
import { z } from 'zod'
import { availableMemory } from '../../trainer/availableMemory'
import { measureBothRules, type EngineSizes } from '../../trainer/evaluate/bothRules'
import { reportOnRun, reportWarnings, type RunReport } from '../../trainer/evaluate/runReport'
import { resolveTrainConfig, type TrainConfig } from '../../trainer/sae/architectures'
import { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { createEngine } from '../../trainer/sae/engines'
import { resolveEngine } from '../../trainer/sae/engines/names'
import { checkMemory } from '../../trainer/sae/training/runMemory'
import { train, type TrainResult } from '../../trainer/sae/training/train'
import { readBlob } from '../../trainer/store/blobs'
import { transaction } from '../../trainer/store/database'
import type { Split } from '../../trainer/store/layout'
import { defaultWindowShards, trainingBatches } from '../../trainer/store/trainingStream'
import { environmentVariable } from '../base/environment'
import type { Database } from '../db/connect'
import { storeDictionaryWithin, writtenBy } from '../dictionaries/weights'
import { measuredLayoutOf } from '../harvests/rows'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { logJob } from '../jobs/log'
import { needsOf } from './architectures'
import { newestCheckpoint, readParent } from './checkpoints'
import { reshapeFor } from './dictionary'
import { heldOutRows, sampleOf } from './job/heldOut'
import { CheckpointKeeper } from './job/keeper'
import { storeReportWithin } from './report'
import { markFinishedWithin, markRunning, runOfJob, storeFigures } from './rows'
import { trainJob, type TrainedRun } from './schema'

const Part = z.strictObject({})

/** `LOUPE_CHECKPOINT_SECONDS` overrides. A checkpoint of 5M parameters takes about a second to store. */
const CHECKPOINT_SECONDS = 60
const METRICS_EVERY_STEPS = 10
/** Held-out figures are measured this often along the run. */
const EVALUATIONS = 10

type JobRun = Awaited<ReturnType<typeof runOfJob>>

export const trainKind = defineJobKind({
  ...trainJob,
  part: Part,

  async plan({ run: id }, { database, backend }) {
    const { config, engine } = await runOfJob(database, id)
    const { tokens } = resolveTrainConfig(config)
    // The engine "auto" is resolved by the worker that takes the run.
    await markRunning(database, id, { engine: resolveEngine(engine, backend.name), device: backend.device })
    return [{ spec: {}, total: tokens }]
  },

  async run({ run: id }, _part, context) {
    const { database, stage } = context
    const run = await runOfJob(database, id)
    const layout = measuredLayoutOf(run.harvest)
    const config = resolveTrainConfig(run.config)
    // The machine that submitted the run may have more memory than this one.
    checkMemory(config, availableMemory())
    const newest = await newestCheckpoint(database, id)
    // Which shards are shuffled together decides the order of the rows, so a resumed run keeps the first choice.
    const { windowShards } = newest?.position ?? { windowShards: defaultWindowShards(layout) }
    const checkpoints = await CheckpointKeeper.open(database, run, { windowShards }, config)
    const rows = (split: Split, startRow = 0) =>
      trainingBatches(database.pool, layout, {
        // All runs on a harvest are measured on the same held-out rows, so that their figures can be compared.
        split,
        batchSize: config.batchSize,
        seed: split === 'train' ? config.seed : 0,
        startRow,
        windowShards,
        companions: needsOf(config.architecture),
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
        ...(newest ? { resumeFrom: await readBlob(database.pool, newest.blobId) } : await startOf(database, run)),
        metricsEverySteps: METRICS_EVERY_STEPS,
        onMetrics: ({ step, tokens, ...training }) => storeFigures(database, id, { step, tokens }, { training }),
        evaluateEverySteps: Math.max(1, Math.floor(run.steps / EVALUATIONS)),
        onEvaluate: async (at) => {
          if (sample.length === 0) return false
          const heldOutFigures = await measureBothRules(engine, sizes, sample)
          await storeFigures(database, id, at, { heldOut: heldOutFigures })
          figures = heldOutFigures
          return checkpoints.evaluatedAt(at, heldOutFigures)
        },
        checkpointEverySeconds: environmentVariable('LOUPE_CHECKPOINT_SECONDS') ?? CHECKPOINT_SECONDS,
        checkpointAt: checkpoints.kept,
        onCheckpoint: (at, bytes) => checkpoints.store(at, bytes),
      })
      const { signal } = stage
      const report = sample.length > 0 ? await reportOnRun({ ...sizes, engine, batches: heldOut(), signal }) : undefined
      const warnings = report ? reportWarnings(report) : []
      for (const line of warnings) await logJob(database, context.job, 'warning', line)
      return await storeResult({ context, run, checkpoints, result, figures, report })
    } finally {
      engine.dispose()
    }
  },

  finish: (_spec, [result]) => Promise.resolve(result ?? {}),
})

async function startOf(database: Database, { parent }: JobRun): Promise<{ beginFrom?: Buffer }> {
  return parent ? { beginFrom: await readParent(database, parent) } : {}
}

function sizesOf(config: TrainConfig): EngineSizes & { d_in: number } {
  const { d_in, d_sae, d_out = d_in }: { d_in: number; d_sae: number; d_out?: number } = config
  return { d_in, d_out, d_sae, needsGradient: needsOf(config.architecture).includes('gradient') }
}

interface EndedRun {
  context: JobContext
  run: JobRun
  checkpoints: CheckpointKeeper
  result: TrainResult
  /** Held-out figures of the sample, at the end of the run. */
  figures: object
  report: RunReport | undefined
}

/** Stores the dictionary, the last checkpoint and the end of the run in one transaction. */
async function storeResult({ context, run, checkpoints, result, figures, report }: EndedRun): Promise<TrainedRun> {
  const { database, backend } = context
  const { modelId, hook } = run.harvest
  const { dictionary: folded, metrics: training } = result
  const config = { ...folded.config, reshape_activations: reshapeFor(hook) }
  const dictionary = Dictionary.create(config, folded.tensors, `run ${run.name}`)
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
      ...writtenBy(dictionary, run.harvest),
      provenance: { harvest: run.harvestId, config: run.config, engine: run.engine, fingerprint: backend.fingerprint },
    })
    await checkpoints.storeWithin(client, training, bytes)
    if (report) await storeReportWithin(client, run, backend.device, report)
    await markFinishedWithin(client, run.id, metrics)
  })
  return { run: run.id, dictionary: run.name, metrics }
}
