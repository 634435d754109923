/** Starting a job, following it, ending it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { runMigrations } from 'graphile-worker'
import { LoupeError, type ErrorCode } from '../../trainer/errors'
import type { Stage } from '../../trainer/progress'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import { failGivenUp, type StoredError } from './endings'
import type { JobKind } from './kind'
import { enqueueRemaining } from './queue'
import type { JobDescription } from './specs'
import { startWorker } from './worker'

const FOLLOW_MS = 200

/**
 * The unfinished job with this very spec, or a new one; its remaining parts are in the queue afterwards.
 * Refused when it was begun on another engine: its parts would not fit together.
 */
export async function submitJob(
  database: Database,
  kind: JobDescription,
  spec: object,
  backend?: Backend,
): Promise<string> {
  const parsed = kind.schema.parse(spec) as object
  const { rows } = await database.pool.query<{ id: string; engine: string | null }>(
    `SELECT id, engine FROM job WHERE kind = $1 AND spec = $2::jsonb AND status IN ('pending', 'running')
     ORDER BY created_at DESC LIMIT 1`,
    [kind.name, JSON.stringify(parsed)],
  )
  const unfinished = rows[0]
  if (unfinished?.engine && backend && unfinished.engine !== backend.fingerprint) {
    throw new LoupeError(
      'mismatch',
      `this ${kind.name} was begun on "${unfinished.engine}"; this process computes on "${backend.fingerprint}"`,
      { remedy: `go on there, or give it up (loupe jobs cancel ${unfinished.id}) and start anew here` },
    )
  }
  await runMigrations({ pgPool: database.pool })
  const id = unfinished?.id ?? (await database.prisma.job.create({ data: { kind: kind.name, spec: parsed } })).id
  await enqueueRemaining(database, id)
  return id
}

/** The result of the newest finished job with this very spec. */
export async function finishedResult(
  database: Database,
  kind: JobDescription,
  spec: object,
): Promise<object | undefined> {
  const { rows } = await database.pool.query<{ result: object | null }>(
    `SELECT result FROM job WHERE kind = $1 AND spec = $2::jsonb AND status = 'finished' ORDER BY finished_at DESC LIMIT 1`,
    [kind.name, JSON.stringify(kind.schema.parse(spec))],
  )
  return rows[0]?.result ?? undefined
}

/**
 * Runs a job in this process, beside any other workers, until it has ended; returns its result. On interrupt the
 * work in hand stops at its next check and the job stays in the queue.
 */
export async function runJob(
  database: Database,
  backend: Backend,
  kind: JobKind,
  spec: object,
  stage: Stage,
): Promise<object> {
  const id = await submitJob(database, kind, spec, backend)
  const worker = await startWorker({ database, backend, kinds: [kind], onlyJobs: [id] })
  try {
    return await followJob(database, id, stage)
  } finally {
    await worker.stop()
  }
}

/** Reports a job's progress until it has ended; throws its error when it failed. */
export async function followJob(database: Database, id: string, stage: Stage): Promise<object> {
  for (;;) {
    if (stage.signal.aborted) throw new LoupeError('cancelled', 'interrupted')
    const job = await database.prisma.job.findUniqueOrThrow({ where: { id } })
    if (job.status === 'failed') throw storedError(job.error)
    if (job.status === 'cancelled') throw new LoupeError('cancelled', `the job ${id} was cancelled`)
    const { _sum } = await database.prisma.jobPart.aggregate({ where: { jobId: id }, _sum: { done: true } })
    if (job.planned) stage.report(_sum.done ?? 0, job.total)
    if (job.status === 'finished') {
      stage.report(job.total, job.total)
      return (job.result ?? {}) as object
    }
    await failGivenUp(database)
    await sleep(FOLLOW_MS)
  }
}

/**
 * As `runJob`, for several jobs that are in the queue: each ends by itself, and one that fails leaves the others alone.
 * @param total of the work of all of them, for the progress
 * @returns once all have ended
 */
export async function runQueued(
  database: Database,
  backend: Backend,
  kind: JobKind,
  { jobs, total }: { jobs: readonly string[]; total: number },
  stage: Stage,
): Promise<void> {
  const worker = await startWorker({ database, backend, kinds: [kind], onlyJobs: jobs })
  try {
    for (;;) {
      if (stage.signal.aborted) throw new LoupeError('cancelled', 'interrupted')
      const where = { id: { in: [...jobs] } }
      const left = await database.prisma.job.count({ where: { ...where, status: { in: ['pending', 'running'] } } })
      const { _sum } = await database.prisma.jobPart.aggregate({ where: { job: where }, _sum: { done: true } })
      stage.report(_sum.done ?? 0, total)
      if (left === 0) return
      await failGivenUp(database)
      await sleep(FOLLOW_MS)
    }
  } finally {
    await worker.stop()
  }
}

function storedError(value: unknown): LoupeError {
  const { code, message, remedy } = value as StoredError
  const known = code === 'internal' ? 'unavailable' : (code as ErrorCode)
  return new LoupeError(known, message, remedy ? { remedy } : {})
}
