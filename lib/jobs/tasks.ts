/**
 * The three graphile-worker tasks every job consists of: plan it, run its parts, finish it. State that people see is
 * in `job` and `job_part`; graphile-worker holds only who does what next.
 */
import { hostname } from 'node:os'
import type { JobHelpers, Task, TaskList } from 'graphile-worker'
import type { Pool } from 'pg'
import { z } from 'zod'
import { LoupeError, toLoupeError } from '../../trainer/errors'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import { databaseError } from '../db/databaseError'
import { failJob } from './endings'
import { requireKind, type JobContext, type JobKind, type PartCache } from './kind'
import { count, logJob, PartJournal } from './log'
import { enqueueRemaining } from './queue'

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

export function taskList(given: WorkerEnvironment): TaskList {
  const journal = new PartJournal(given.database, `process ${process.pid} on ${hostname()}`)
  const environment = { ...given, journal }
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
  environment: JournalledEnvironment,
  helpers: JobHelpers,
  signal: AbortSignal,
) => Promise<void>

interface JournalledEnvironment extends WorkerEnvironment {
  journal: PartJournal
}

/**
 * Failures people can act on end the job with that message. A lost database is left to the queue, which tries again;
 * so is an interrupt, after which the part is free for whoever comes next.
 */
function guarded(environment: JournalledEnvironment, body: Body): Task {
  return async (payload, helpers) => {
    const { job: id, idx } = Payload.parse(payload)
    const job = await environment.database.prisma.job.findUnique({ where: { id } })
    if (!job || job.status === 'cancelled' || job.status === 'failed' || job.status === 'finished') return
    const controller = environment.begin(id)
    try {
      await body(job, idx, environment, helpers, controller.signal)
    } catch (error) {
      if (controller.signal.aborted) {
        await logJob(environment.database, id, 'warning', 'the work in hand was stopped')
        throw error
      }
      if (isLostDatabase(error)) throw error
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
  await failJob(database, id, stored)
  if (!known && process.env['LOUPE_DEBUG']) process.stderr.write(`${(error as Error).stack}\n`)
}

function contextOf(
  { database, backend, cache }: WorkerEnvironment,
  job: string,
  signal: AbortSignal,
  report: JobContext['stage']['report'],
): JobContext {
  return { database, job, backend, cache, stage: { signal, report } }
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
  const parts = await kind.plan(spec, contextOf(environment, job.id, signal, report))
  const total = parts.reduce((sum, part) => sum + part.total, 0)
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
      data: { total, unit: kind.unit, planned: true },
    }),
  ])
  const size = `${parts.length} ${parts.length === 1 ? 'part' : 'parts'}, ${count(total)} ${kind.unit}`
  await logJob(environment.database, job.id, 'info', `planned: ${size}, on ${environment.backend.fingerprint}`)
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
    const parts = await prisma.jobPart.count({ where: { jobId: job.id } })
    const told = { id: job.id, unit: job.unit, idx: part.idx, parts, work: part.total - part.done }
    await environment.journal.begun(told)
    const started = performance.now()
    const report = throttledProgress(pool, job.id, part.idx, part.total)
    const context = contextOf(environment, job.id, signal, report)
    const result = await kind.run(kind.schema.parse(job.spec), kind.part.parse(part.spec), context)
    await prisma.jobPart.update({
      where,
      data: { status: 'finished', done: part.total, ...(result ? { result } : {}) },
    })
    await environment.journal.ended(told, (performance.now() - started) / 1000)
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
    contextOf(environment, job.id, signal, () => undefined),
  )
  const ended = await prisma.job.updateMany({
    where: { id: job.id, status: 'running' },
    data: { status: 'finished', result, finishedAt: new Date() },
  })
  environment.journal.forget(job.id)
  if (ended.count > 0) await logJob(environment.database, job.id, 'info', 'finished')
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
