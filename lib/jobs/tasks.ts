/**
 * The three graphile-worker tasks every job consists of: plan it, run its parts, finish it. State that people see is
 * in `job` and `job_part`; graphile-worker holds only who does what next.
 */
import type { JobHelpers, Task, TaskList, TaskSpec } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'
import { z } from 'zod'
import { LoupeError, toLoupeError } from '../../trainer/errors'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/client'
import { databaseError } from '../db/databaseError'
import { requireKind, type JobContext, type JobKind, type PartCache } from './kind'

/** A part that crashed its process this often is given up. */
export const MAX_ATTEMPTS = 4

const Payload = z.object({ job: z.string(), idx: z.int().optional() })

export interface WorkerEnvironment {
  database: Database
  backend: Backend
  cache: PartCache
  kinds: readonly JobKind[]
  workerId(): string | undefined
  /** Starts watching a part for cancel; the returned controller is aborted on cancel and on shutdown. */
  begin(job: string): AbortController
  end(job: string): void
}

export function taskSpec(job: { id: string; engine: string | null }, priority: number): TaskSpec {
  const flags = [`job:${job.id}`, ...(job.engine ? [`engine:${job.engine}`] : [])]
  return { flags, priority, maxAttempts: MAX_ATTEMPTS }
}

type Step = 'plan' | 'part' | 'finish'
export const PRIORITIES: Record<Step, number> = { finish: -2, part: 0, plan: -1 }

export const partKey = (job: string, idx: number) => `${job}:part:${idx}`
export const planKey = (job: string) => `${job}:plan`
export const finishKey = (job: string) => `${job}:finish`

export function taskList(environment: WorkerEnvironment): TaskList {
  return {
    plan: guarded(environment, planJob),
    part: guarded(environment, runPart),
    finish: guarded(environment, finishJob),
  }
}

type JobRow = NonNullable<Awaited<ReturnType<Database['prisma']['job']['findUnique']>>>
type Body = (
  job: JobRow,
  idx: number | undefined,
  environment: WorkerEnvironment,
  helpers: JobHelpers,
  signal: AbortSignal,
) => Promise<void>

/**
 * Failures people can act on end the job with that message. A lost database is left to the queue, which tries again;
 * so is an interrupt, after which the part is free for whoever comes next.
 */
function guarded(environment: WorkerEnvironment, body: Body): Task {
  return async (payload, helpers) => {
    const { job: id, idx } = Payload.parse(payload)
    const job = await environment.database.prisma.job.findUnique({ where: { id } })
    if (!job || job.status === 'cancelled' || job.status === 'failed' || job.status === 'finished') return
    const controller = environment.begin(id)
    try {
      await body(job, idx, environment, helpers, controller.signal)
    } catch (error) {
      if (controller.signal.aborted || isLostDatabase(error)) throw error
      await recordFailure(environment.database, id, error)
    } finally {
      environment.end(id)
    }
  }
}

function isLostDatabase(error: unknown): boolean {
  return !toLoupeError(error) && databaseError(error)?.code === 'unavailable'
}

async function recordFailure(database: Database, id: string, error: unknown): Promise<void> {
  const known = toLoupeError(error) ?? databaseError(error)
  const stored = known
    ? { code: known.code, message: known.message, remedy: known.remedy ?? null }
    : { code: 'internal', message: error instanceof Error ? error.message : String(error), remedy: null }
  await database.prisma.job.updateMany({
    where: { id, status: { in: ['pending', 'running'] } },
    data: { status: 'failed', error: stored, finishedAt: new Date() },
  })
  if (!known && process.env['LOUPE_DEBUG']) process.stderr.write(`${(error as Error).stack}\n`)
}

function contextOf(
  { database, backend, cache }: WorkerEnvironment,
  signal: AbortSignal,
  report: JobContext['stage']['report'],
): JobContext {
  return { database, backend, cache, stage: { signal, report } }
}

const planJob: Body = async (job, _idx, environment, helpers, signal) => {
  const { prisma } = environment.database
  const kind = requireKind(environment.kinds, job.kind)
  const spec = kind.schema.parse(job.spec)
  await prisma.job.update({
    where: { id: job.id },
    data: { status: 'running', startedAt: job.startedAt ?? new Date(), engine: environment.backend.fingerprint },
  })
  const report = (done: number, total: number) => helpers.logger.debug(`planning ${done}/${total}`)
  const parts = await kind.plan(spec, contextOf(environment, signal, report))
  await prisma.$transaction([
    prisma.jobPart.createMany({
      data: parts.map((part, idx) => ({
        jobId: job.id,
        idx,
        spec: part.spec as object,
        total: part.total,
        status: 'pending',
      })),
      skipDuplicates: true,
    }),
    prisma.job.update({
      where: { id: job.id },
      data: { total: parts.reduce((sum, { total }) => sum + total, 0), unit: kind.unit, planned: true },
    }),
  ])
  await enqueueRemaining(environment.database, job.id)
}

const runPart: Body = async (job, idx, environment, _helpers, signal) => {
  const { prisma, pool } = environment.database
  const where = { jobId_idx: { jobId: job.id, idx: idx ?? -1 } }
  const part = await prisma.jobPart.findUnique({ where })
  if (!part) throw new LoupeError('not-found', `job ${job.id} has no part ${idx}`)
  if (part.status !== 'finished') {
    await prisma.jobPart.update({ where, data: { status: 'running', workerId: environment.workerId() ?? null } })
    const kind = requireKind(environment.kinds, job.kind)
    const report = throttledProgress(pool, job.id, part.idx, part.total)
    const context = contextOf(environment, signal, report)
    const result = await kind.run(kind.schema.parse(job.spec), kind.part.parse(part.spec), context)
    await prisma.jobPart.update({
      where,
      data: { status: 'finished', done: part.total, ...(result ? { result } : {}) },
    })
  }
  const left = await prisma.jobPart.count({ where: { jobId: job.id, status: { not: 'finished' } } })
  if (left === 0) await enqueueRemaining(environment.database, job.id)
}

const finishJob: Body = async (job, _idx, environment, _helpers, signal) => {
  const { prisma } = environment.database
  const kind = requireKind(environment.kinds, job.kind)
  const parts = await prisma.jobPart.findMany({ where: { jobId: job.id }, orderBy: { idx: 'asc' } })
  const results = parts.map(({ result }) => (result ?? undefined) as object | undefined)
  const result = await kind.finish(
    kind.schema.parse(job.spec),
    results,
    contextOf(environment, signal, () => undefined),
  )
  await prisma.job.updateMany({
    where: { id: job.id, status: 'running' },
    data: { status: 'finished', result, finishedAt: new Date() },
  })
}

/** Progress rows are written at most twice a second; the part's end writes the last one. */
const PROGRESS_MS = 500

function throttledProgress(pool: Pool, job: string, idx: number, total: number): JobContext['stage']['report'] {
  let last = 0
  return (done, of) => {
    const now = performance.now()
    if (now - last < PROGRESS_MS) return
    last = now
    const scaled = Math.min(total, Math.round((done / Math.max(of, 1)) * total))
    // Lost progress is no failure of the work; a lost database shows in the work itself.
    pool
      .query('UPDATE job_part SET done = $3 WHERE job_id = $1 AND idx = $2', [job, idx, scaled])
      .catch(() => undefined)
  }
}

/**
 * Puts what is still to be done into the queue: the plan, the parts that are not done, or the finish. Jobs that a
 * live worker holds are left alone, so calling it again is harmless. One transaction under a lock of the job.
 */
export async function enqueueRemaining(database: Database, id: string): Promise<void> {
  const client = await database.pool.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<{ id: string; engine: string | null; planned: boolean; status: string }>(
      'SELECT id, engine, planned, status FROM job WHERE id = $1 FOR UPDATE',
      [id],
    )
    const job = rows[0]
    if (job && (job.status === 'pending' || job.status === 'running')) await enqueueLocked(client, job)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

async function enqueueLocked(
  client: PoolClient,
  job: { id: string; engine: string | null; planned: boolean },
): Promise<void> {
  const held = await client.query<{ key: string }>(
    'SELECT key FROM graphile_worker.jobs WHERE key LIKE $1 AND locked_at IS NOT NULL',
    [`${job.id}:%`],
  )
  const locked = new Set(held.rows.map(({ key }) => key))
  const add = async (step: Step, key: string, payload: object) => {
    if (locked.has(key)) return
    const { flags, priority, maxAttempts } = taskSpec(job, PRIORITIES[step])
    await client.query(
      `SELECT graphile_worker.add_job($1, payload := $2::json, job_key := $3, flags := $4, priority := $5, max_attempts := $6)`,
      [step, JSON.stringify(payload), key, flags, priority, maxAttempts],
    )
  }
  if (!job.planned) return add('plan', planKey(job.id), { job: job.id })
  const parts = await client.query<{ idx: number }>(
    `SELECT idx FROM job_part WHERE job_id = $1 AND status <> 'finished' ORDER BY idx`,
    [job.id],
  )
  for (const { idx } of parts.rows) await add('part', partKey(job.id, idx), { job: job.id, idx })
  if (parts.rows.length === 0) await add('finish', finishKey(job.id), { job: job.id })
}
