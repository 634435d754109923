/** Checkpoints of training runs as rows: listed, found by name, stored and removed. Stored JSON is parsed here. */
import type { PoolClient } from 'pg'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { deleteBlob, putBlobWithin, readBlob } from '../../trainer/store/blobs'
import type { Database } from '../db/connect'
import { requireRun } from './rows'
import { HeldOutFigures, type CheckpointSummary, type RunParent } from './schema'

/** The position in the data, as far as the bytes of a checkpoint do not hold it. */
const Position = z.strictObject({ windowShards: z.int().positive() })
export type Position = z.output<typeof Position>

const StoredFigures = HeldOutFigures.nullable()

const WITH_HASH = { blob: { select: { sha256: true } } } as const

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
    bytes: Number(blob.bytes),
    kept,
    best,
    metrics: StoredFigures.parse(metrics),
    createdAt: createdAt.toISOString(),
  }))
}

/**
 * A checkpoint as people name it: `RUN` (the newest), `RUN@best` or `RUN@STEP`.
 * @throws LoupeError that lists the steps of the checkpoints that exist
 */
export async function requireCheckpoint(database: Database, checkpointName: string) {
  const [, runName = checkpointName, which] = /^(.*)@(\d+|best)$/s.exec(checkpointName) ?? []
  const run = await requireRun(database, runName)
  const row = await database.prisma.checkpoint.findFirst({
    where: { runId: run.id, ...(which === 'best' ? { best: true } : which && { step: Number(which) }) },
    orderBy: { step: 'desc' },
    include: WITH_HASH,
  })
  if (row) {
    const { step, blobId, blob } = row
    return { run, checkpoint: { step, blobId, sha256: Buffer.from(blob.sha256).toString('hex') } }
  }
  const steps = (await listCheckpoints(database, run.id)).map(({ step, best }) => `${step}${best ? ' (best)' : ''}`)
  throw new LoupeError('not-found', `the run "${run.name}" has no checkpoint${which ? ` "${which}"` : 's'}`, {
    remedy:
      steps.length > 0 ? `it has checkpoints at the steps ${steps.join(', ')}` : 'let the run train to its end first',
  })
}

export async function newestCheckpoint({ prisma }: Database, runId: string) {
  const row = await prisma.checkpoint.findFirst({ where: { runId }, orderBy: { step: 'desc' } })
  return row && { blobId: row.blobId, position: Position.parse(row.position) }
}

/** Figures of the best checkpoint of a run; null if it has none. */
export async function bestFigures({ prisma }: Database, runId: string): Promise<HeldOutFigures | null> {
  const row = await prisma.checkpoint.findFirst({ where: { runId, best: true } })
  return row && StoredFigures.parse(row.metrics)
}

/** From now on it stays when newer ones are stored. */
export async function keepCheckpoint({ prisma }: Database, { run, step }: RunParent): Promise<void> {
  await prisma.checkpoint.update({ where: { runId_step: { runId: run, step } }, data: { kept: true } })
}

/** @throws LoupeError if it is gone, or another one has taken its place */
export async function readParent(database: Database, { run, name, step, sha256 }: RunParent): Promise<Buffer> {
  const row = await database.prisma.checkpoint.findUnique({
    where: { runId_step: { runId: run, step } },
    include: WITH_HASH,
  })
  if (row && Buffer.from(row.blob.sha256).toString('hex') === sha256) return readBlob(database.pool, row.blobId)
  throw new LoupeError('not-found', `this run starts from the checkpoint of "${name}" at step ${step}, which is gone`)
}

export interface NewCheckpoint {
  runId: string
  step: number
  position: Position
  kept: boolean
  best: boolean
  figures: object | undefined
  bytes: Buffer
}

/** Stores a checkpoint and removes those of the run that are neither kept nor the best. */
export async function storeCheckpointWithin(client: PoolClient, checkpoint: NewCheckpoint): Promise<void> {
  const { runId, step, position, kept, best, figures, bytes } = checkpoint
  if (best) await client.query('UPDATE checkpoint SET best = false WHERE run_id = $1', [runId])
  const { rows: old } = await client.query<{ blob_id: string }>(
    'DELETE FROM checkpoint WHERE run_id = $1 AND (NOT (kept OR best) OR step = $2) RETURNING blob_id',
    [runId, step],
  )
  const { id: blobId } = await putBlobWithin(client, bytes)
  await client.query(
    'INSERT INTO checkpoint (run_id, step, blob_id, position, kept, best, metrics) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [runId, step, blobId, JSON.stringify(position), kept, best, figures ? JSON.stringify(figures) : null],
  )
  for (const { blob_id } of old) await deleteBlob(client, blob_id)
}
