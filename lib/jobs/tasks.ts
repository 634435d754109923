/**
 * The three graphile-worker tasks of every job: plan it, run its parts, finish it. The state that people see is in `job`
 * and `job_part`; graphile-worker holds only who does what next.
 */
import { hostname } from 'node:os'
import type { Task, TaskList } from 'graphile-worker'
import type { Pool } from 'pg'
import { z } from 'zod'
import { LoupeError, toLoupeError } from '../../trainer/errors'
import type { Backend } from '../../trainer/tensors/backend'
import { environmentVariable } from '../base/environment'
import type { Database } from '../db/connect'
import { databaseError } from '../db/databaseError'
import type { Job } from '../db/generated/client'
import { failJob } from './endings'
import { isForeign, type WorkerIdentity } from './foreign'
import { requireKind, type JobContext, type JobKind, type PartCache } from './kind'
import { count, logJob, PartJournal } from './log'
import { enqueueRemaining, putBack, type Step } from './queue'
import { StoredResult, type StoredError } from './schema'

const Payload = z.object({ job: z.string(), idx: z.int().optional() })

export interface WorkerEnvironment {
  database: Database
  backend: Backend
  cache: PartCache
  kinds: readonly JobKind[]
  identity: WorkerIdentity
  workerId(): string | undefined
  /** Starts watching a job for cancel; the returned controller is aborted on cancel and on shutdown. */
  begin(job: string): AbortController
  end(job: string): void
}

interface JournalledEnvironment extends WorkerEnvironment {
  journal: PartJournal
}

interface Entry {
  job: Job
  /** Of the part. */
  idx: number | undefined
  kind: JobKind
  environment: JournalledEnvironment
  signal: AbortSignal
}

export function taskList(environment: WorkerEnvironment): TaskList {
  const journal = new PartJournal(environment.database, `process ${process.pid} on ${hostname()}`)
  const journalled = { ...environment, journal }
  return {
    plan: guarded(journalled, 'plan', planJob),
    part: guarded(journalled, 'part', runPart),
    finish: guarded(journalled, 'finish', finishJob),
  }
}

/**
 * Errors that people can act on end the job with their message. After a lost database the queue tries again; after an
 * interrupt the part is free for the next worker.
 */
function guarded(environment: JournalledEnvironment, step: Step, body: (entry: Entry) => Promise<void>): Task {
  return async (payload) => {
    const { job: id, idx } = Payload.parse(payload)
    const { database, identity, kinds } = environment
    const job = await database.prisma.job.findUnique({ where: { id } })
    if (!job || !isUnfinished(job)) return
    // It was queued or planned after this worker last asked which jobs to leave to others.
    if (isForeign(job, identity) || !(await hasSetCode(database, job, identity))) {
      return putBack(database, job, step, idx)
    }
    const controller = environment.begin(id)
    try {
      const kind = requireKind(kinds, job.kind)
      await body({ job, idx, kind, environment, signal: controller.signal })
    } catch (error) {
      if (controller.signal.aborted) {
        await logJob(database, id, 'warning', 'the current work was stopped')
        throw error
      }
      if (isLostDatabase(error)) throw error
      await recordFailure(environment, id, error)
    } finally {
      environment.end(id)
    }
  }
}

const UNFINISHED: readonly Job['status'][] = ['pending', 'running']

const isUnfinished = ({ status }: Job) => UNFINISHED.includes(status)

/** The first worker that takes a job without a hash sets it. False if another one was faster. */
async function hasSetCode(
  { prisma }: Database,
  { id, kind, sourceHash }: Job,
  worker: WorkerIdentity,
): Promise<boolean> {
  const own = worker.sources.get(kind) ?? null
  if (sourceHash !== null || own === null) return true
  const { count: changed } = await prisma.job.updateMany({ where: { id, sourceHash: null }, data: { sourceHash: own } })
  return changed > 0
}

function isLostDatabase(error: unknown): boolean {
  return !toLoupeError(error) && databaseError(error)?.code === 'unavailable'
}

async function recordFailure({ database, kinds }: WorkerEnvironment, id: string, error: unknown): Promise<void> {
  const known = toLoupeError(error) ?? databaseError(error)
  const stored: StoredError = known
    ? { code: known.code, message: known.message, remedy: known.remedy ?? null }
    : { code: 'internal', message: error instanceof Error ? error.message : String(error), remedy: null }
  await failJob(database, id, kinds, stored)
  if (!known && environmentVariable('LOUPE_DEBUG') && error instanceof Error) process.stderr.write(`${error.stack}\n`)
}

function contextOf({ job, environment, signal }: Entry, report: JobContext['stage']['report']): JobContext {
  const { database, backend, cache } = environment
  return { database, job: job.id, backend, cache, stage: { signal, report } }
}

const noReport = () => undefined

async function planJob(entry: Entry): Promise<void> {
  const { job, kind, environment } = entry
  const { database, backend } = environment
  const started = await database.prisma.job.updateMany({
    where: { id: job.id, status: { in: [...UNFINISHED] } },
    data: { status: 'running', startedAt: job.startedAt ?? new Date(), engine: backend.fingerprint },
  })
  if (started.count === 0) return
  const parts = await kind.plan(kind.schema.parse(job.spec), contextOf(entry, noReport))
  const total = parts.reduce((sum, part) => sum + part.total, 0)
  const rows = parts.map((part, idx) => ({
    jobId: job.id,
    idx,
    spec: part.spec as object,
    total: part.total,
    status: 'pending' as const,
  }))
  await database.prisma.$transaction([
    database.prisma.jobPart.createMany({ data: rows, skipDuplicates: true }),
    database.prisma.job.update({ where: { id: job.id }, data: { total, unit: kind.unit, planned: true } }),
  ])
  const size = `${parts.length} ${parts.length === 1 ? 'part' : 'parts'}, ${count(total)} ${kind.unit}`
  await logJob(database, job.id, 'info', `planned: ${size}, on ${backend.fingerprint}`)
  await enqueueRemaining(database, job.id)
}

async function runPart(entry: Entry): Promise<void> {
  const { job, idx, environment } = entry
  const { prisma } = environment.database
  const part = await prisma.jobPart.findUnique({ where: { jobId_idx: { jobId: job.id, idx: idx ?? -1 } } })
  if (!part) throw new LoupeError('not-found', `job ${job.id} has no part ${idx}`)
  if (part.status !== 'finished') await computePart(entry, part)
  const left = await prisma.jobPart.count({ where: { jobId: job.id, status: { not: 'finished' } } })
  if (left === 0) await enqueueRemaining(environment.database, job.id)
}

interface StoredPart {
  idx: number
  spec: unknown
  done: number
  total: number
}

async function computePart(entry: Entry, { idx, spec, done, total }: StoredPart): Promise<void> {
  const { job, kind, environment } = entry
  const { prisma, pool } = environment.database
  const where = { jobId_idx: { jobId: job.id, idx } }
  await prisma.jobPart.update({ where, data: { status: 'running', workerId: environment.workerId() ?? null } })
  const parts = await prisma.jobPart.count({ where: { jobId: job.id } })
  const line = { id: job.id, unit: job.unit, idx, parts, work: total - done }
  await environment.journal.started(line)
  const started = performance.now()
  const context = contextOf(entry, throttledProgress(pool, job.id, idx, total))
  const result = await kind.run(kind.schema.parse(job.spec), kind.part.parse(spec), context)
  await prisma.jobPart.update({ where, data: { status: 'finished', done: total, ...(result && { result }) } })
  await environment.journal.ended(line, (performance.now() - started) / 1000)
}

const PartResult = StoredResult.nullable()

async function finishJob(entry: Entry): Promise<void> {
  const { job, kind, environment } = entry
  const { database, journal } = environment
  const parts = await database.prisma.jobPart.findMany({ where: { jobId: job.id }, orderBy: { idx: 'asc' } })
  const results = parts.map(({ result }) => PartResult.parse(result) ?? undefined)
  const result = await kind.finish(kind.schema.parse(job.spec), results, contextOf(entry, noReport))
  const ended = await database.prisma.job.updateMany({
    where: { id: job.id, status: 'running' },
    data: { status: 'finished', result, finishedAt: new Date() },
  })
  journal.forget(job.id)
  if (ended.count > 0) await logJob(database, job.id, 'info', 'finished')
}

/** Progress rows are written at most twice a second; the end of the part writes the last one. */
const PROGRESS_MS = 500

function throttledProgress(pool: Pool, job: string, idx: number, total: number): JobContext['stage']['report'] {
  let last = 0
  return (done, of) => {
    const now = performance.now()
    if (now - last < PROGRESS_MS) return
    last = now
    const scaled = Math.min(total, Math.round((done / Math.max(of, 1)) * total))
    // Lost progress does not fail the work; a lost database shows in the work itself.
    pool
      .query('UPDATE job_part SET done = $3 WHERE job_id = $1 AND idx = $2', [job, idx, scaled])
      .catch(() => undefined)
  }
}
