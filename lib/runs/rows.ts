/** Checkpoints of training runs as rows: listed, and found by how people name them. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { requireFittingConfig } from '../../trainer/sae/training/fineTune'
import { resolveTrainConfig, type TrainConfig } from '../../trainer/sae/architectures'
import { readBlob } from '../../trainer/store/blobs'
import { isTranscoder } from '../dictionaries/site'
import type { Database } from '../db/connect'
import type { Harvest, Prisma } from '../db/generated/client'
import { byNameOrId, notThere } from '../base/names'

export interface CheckpointSummary {
  id: string
  step: number
  bytes: number
  /** Whether it stays when newer ones come. */
  kept: boolean
  /** Whether it is the best of its run by held-out explained variance. */
  best: boolean
  /** Held-out figures, where they were taken at this step. */
  metrics: Record<string, unknown> | null
  /** ISO 8601. */
  createdAt: string
}

/** What a run says of the checkpoint it was begun from (`run.parent`). */
export const RunParent = z.strictObject({
  run: z.uuid().describe('Id of the run'),
  name: z.string().describe('Its name'),
  step: z.int().describe('Step of the checkpoint'),
  sha256: z.string().describe('Hex digest of its bytes'),
})
export type RunParent = z.output<typeof RunParent>

const INCLUDED = { harvest: true } satisfies Prisma.RunInclude
export type RunOfCheckpoint = Prisma.RunGetPayload<{ include: typeof INCLUDED }>

/** Newest first. */
export async function listCheckpoints({ prisma }: Database, runId: string): Promise<CheckpointSummary[]> {
  const rows = await prisma.checkpoint.findMany({
    where: { runId },
    orderBy: { step: 'desc' },
    include: { blob: { select: { bytes: true } } },
  })
  return rows.map(({ id, step, kept, best, metrics, blob, createdAt }) => ({
    id,
    step,
    kept,
    best,
    bytes: Number(blob.bytes),
    createdAt: createdAt.toISOString(),
    metrics: metrics as CheckpointSummary['metrics'],
  }))
}

/** A run by its id, or the newest one of a name. */
export async function requireRun({ prisma }: Database, asked: string): Promise<RunOfCheckpoint> {
  const run = await prisma.run.findFirst({
    where: byNameOrId(asked),
    orderBy: { createdAt: 'desc' },
    include: INCLUDED,
  })
  return run ?? notThere('run', asked, await prisma.run.findMany({ select: { name: true }, distinct: ['name'] }))
}

/**
 * A checkpoint as people name it: `RUN` (the newest), `RUN@best` or `RUN@STEP`.
 * @throws LoupeError that lists the steps that are there
 */
export async function requireCheckpoint(database: Database, asked: string) {
  const [, name = asked, which] = /^(.*)@(\d+|best)$/s.exec(asked) ?? []
  const run = await requireRun(database, name)
  const checkpoint = await database.prisma.checkpoint.findFirst({
    where: { runId: run.id, ...(which === 'best' ? { best: true } : which && { step: Number(which) }) },
    orderBy: { step: 'desc' },
    include: { blob: { select: { sha256: true } } },
  })
  if (checkpoint) return { run, checkpoint }
  const there = (await listCheckpoints(database, run.id)).map(({ step, best }) => `${step}${best ? ' (best)' : ''}`)
  throw new LoupeError('not-found', `the run "${run.name}" has no checkpoint ${which ? `"${which}"` : 'at all'}`, {
    remedy: there.length > 0 ? `there are those of steps ${there.join(', ')}` : 'let it train to its end first',
  })
}

/**
 * The checkpoint that a new run is to begin with.
 * @throws LoupeError when the new run is of another model, hook or target, of other widths, or trains other tensors
 */
export async function requireParent(
  database: Database,
  asked: string,
  child: { harvest: Harvest; config: TrainConfig },
): Promise<RunParent> {
  const { run, checkpoint } = await requireCheckpoint(database, asked)
  const [stored, given] = [placed(run.config as object, run.harvest), placed(child.config, child.harvest)]
  const differing = ['model', 'hook', 'target hook', 'd_in', 'd_out', 'd_sae'].filter(
    (key) => stored[key] !== given[key],
  )
  if (differing.length > 0) {
    const list = differing.map((key) => `${key}: ${show(stored[key])} there, ${show(given[key])} here`)
    throw new LoupeError('mismatch', `a run cannot begin from "${asked}": ${list.join('; ')}`, {
      remedy: 'give a harvest of the same model and hook, and the same d_sae',
    })
  }
  requireFittingConfig(resolveTrainConfig(run.config), child.config)
  return {
    run: run.id,
    name: run.name,
    step: checkpoint.step,
    sha256: Buffer.from(checkpoint.blob.sha256).toString('hex'),
  }
}

/** Settings of a run together with where it reads and, for a transcoder, writes. */
function placed(config: object, { modelId, hook, targetHook }: Harvest): Record<string, unknown> {
  return { ...config, model: modelId, hook, ...(isTranscoder({ config }) && { 'target hook': targetHook }) }
}

/** From now on it stays when newer ones come. */
export async function keepCheckpoint({ prisma }: Database, { run, step }: RunParent): Promise<void> {
  await prisma.checkpoint.update({ where: { runId_step: { runId: run, step } }, data: { kept: true } })
}

/** @throws LoupeError when it has gone, or is another one by now */
export async function readParent(database: Database, { run, name, step, sha256 }: RunParent): Promise<Buffer> {
  const row = await database.prisma.checkpoint.findUnique({
    where: { runId_step: { runId: run, step } },
    include: { blob: { select: { sha256: true } } },
  })
  if (row && Buffer.from(row.blob.sha256).toString('hex') === sha256) return readBlob(database.pool, row.blobId)
  throw new LoupeError('not-found', `the checkpoint of "${name}" at step ${step}, from which this run begins, is gone`)
}

function show(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value)
}
