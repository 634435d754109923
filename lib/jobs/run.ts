/** Runs jobs in this process and follows them until they end. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ERROR_CODES, LoupeError, type ErrorCode } from '../../trainer/errors'
import type { Stage } from '../../trainer/progress'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import type { JobKind } from './kind'
import { submitJob } from './queue'
import { StoredError, StoredResult, type JobDescription } from './schema'
import { startWorker } from './worker'

const FOLLOW_MS = 200

/** The result of the newest finished job with this very spec. */
export async function finishedResult(
  { pool }: Database,
  kind: JobDescription,
  spec: object,
): Promise<StoredResult | undefined> {
  const { rows } = await pool.query<{ result: unknown }>(
    `SELECT result FROM job WHERE kind = $1 AND spec = $2::jsonb AND status = 'finished' ORDER BY finished_at DESC LIMIT 1`,
    [kind.name, JSON.stringify(kind.schema.parse(spec))],
  )
  return StoredResult.nullish().parse(rows[0]?.result) ?? undefined
}

/**
 * Runs a job in this process, next to any other workers, and returns its result. On interrupt the current part stops at
 * its next check, and the job stays in the queue.
 */
export async function runJob(
  database: Database,
  backend: Backend,
  kind: JobKind,
  spec: object,
  stage: Stage,
): Promise<StoredResult> {
  const id = await submitJob(database, kind, spec, backend)
  const worker = await startWorker({ database, backend, kinds: [kind], onlyJobs: [id] })
  try {
    return await followJob(database, id, stage)
  } finally {
    await worker.stop()
  }
}

/** Reports a job's progress until the job ends. Returns its result, or throws its error. */
export async function followJob({ prisma }: Database, id: string, stage: Stage): Promise<StoredResult> {
  for (;;) {
    if (stage.signal.aborted) throw new LoupeError('cancelled', 'interrupted')
    const job = await prisma.job.findUniqueOrThrow({ where: { id } })
    if (job.status === 'failed') throw storedError(job.error)
    if (job.status === 'cancelled') throw new LoupeError('cancelled', `the job ${id} was cancelled`)
    const { _sum } = await prisma.jobPart.aggregate({ where: { jobId: id }, _sum: { done: true } })
    if (job.planned) stage.report(_sum.done ?? 0, job.total)
    if (job.status === 'finished') {
      stage.report(job.total, job.total)
      return StoredResult.nullable().parse(job.result) ?? {}
    }
    await sleep(FOLLOW_MS)
  }
}

/**
 * As `runJob`, for several jobs that are in the queue: each ends by itself, and one that fails leaves the others alone.
 * @param total work of all the jobs, for the progress
 * @returns when all of them have ended
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
      await sleep(FOLLOW_MS)
    }
  } finally {
    await worker.stop()
  }
}

/** A defect is stored as `internal`, which is no code of a `LoupeError`. */
function storedError(value: unknown): LoupeError {
  const { code, message, remedy } = StoredError.parse(value)
  return new LoupeError(isErrorCode(code) ? code : 'unavailable', message, remedy ? { remedy } : {})
}

const isErrorCode = (code: string): code is ErrorCode => code in ERROR_CODES
