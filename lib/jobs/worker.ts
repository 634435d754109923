/** A process that takes part in jobs: all of them (`loupe worker`), or its own (a command in the foreground). */
import { EventEmitter } from 'node:events'
import { Logger, run, type Runner, type WorkerEvents } from 'graphile-worker'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import { failGivenUp } from './endings'
import type { JobKind } from './kind'
import { holdLease, releaseDead } from './lease'
import { SingleEntryCache } from './partCache'
import { taskList, type WorkerEnvironment } from './tasks'

export interface WorkerOptions {
  database: Database
  backend: Backend
  kinds: readonly JobKind[]
  /** Take parts of these jobs alone. */
  onlyJobs?: readonly string[]
  onEvent?: (event: { kind: 'start' | 'end' | 'failed'; task: string; job: string; message?: string }) => void
}

export interface JobWorker {
  /** Lets the part in hand end at its next check and returns once nothing runs. */
  stop(): Promise<void>
}

const POLL_MS = 500
const silent = new Logger(() => () => undefined)

export async function startWorker({ database, backend, kinds, onlyJobs, onEvent }: WorkerOptions): Promise<JobWorker> {
  const cache = new SingleEntryCache()
  const running = new Map<string, AbortController>()
  let workerId: string | undefined
  let stopping = false
  const environment: WorkerEnvironment = {
    database,
    backend,
    cache,
    kinds,
    workerId: () => workerId,
    begin(job) {
      const controller = new AbortController()
      if (stopping) controller.abort()
      running.set(job, controller)
      return controller
    },
    end: (job) => running.delete(job),
  }
  const lease = holdLease(database.pool, backend.fingerprint, async () => {
    await failGivenUp(database)
    await abortCancelled(database, running)
  })
  const events: WorkerEvents = new EventEmitter() as WorkerEvents
  events.on('worker:create', ({ worker }) => {
    workerId = worker.workerId
    void lease.add(worker.workerId)
  })
  if (onEvent) forwardEvents(events, onEvent)
  await releaseDead(database.pool)
  const runner: Runner = await run({
    pgPool: database.pool,
    taskList: taskList(environment),
    concurrency: 1,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    noPreparedStatements: false,
    logger: silent,
    events,
    forbiddenFlags: () => foreignFlags(database, backend, onlyJobs),
  })
  return {
    async stop() {
      stopping = true
      for (const controller of running.values()) controller.abort()
      await runner.stop().catch(() => undefined)
      await lease.stop()
      await cache[Symbol.asyncDispose]()
    },
  }
}

/**
 * Work this process must leave to others: parts begun on another engine or device (their bytes would differ), and,
 * for a command in the foreground, every job but its own ones.
 */
async function foreignFlags(database: Database, backend: Backend, onlyJobs?: readonly string[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string; engine: string | null }>(
    `SELECT id, engine FROM job WHERE status IN ('pending', 'running')`,
  )
  const engines = rows.flatMap(({ engine }) => (engine && engine !== backend.fingerprint ? [`engine:${engine}`] : []))
  const jobs = onlyJobs ? rows.filter(({ id }) => !onlyJobs.includes(id)).map(({ id }) => `job:${id}`) : []
  return [...new Set([...engines, ...jobs])]
}

async function abortCancelled(database: Database, running: ReadonlyMap<string, AbortController>): Promise<void> {
  if (running.size === 0) return
  const { rows } = await database.pool.query<{ id: string }>(
    `SELECT id FROM job WHERE id = ANY($1::uuid[]) AND status IN ('cancelled', 'failed')`,
    [[...running.keys()]],
  )
  for (const { id } of rows) running.get(id)?.abort()
}

function forwardEvents(events: WorkerEvents, onEvent: NonNullable<WorkerOptions['onEvent']>): void {
  const jobOf = (payload: unknown) => (payload as { job?: string }).job ?? ''
  events.on('job:start', ({ job }) => onEvent({ kind: 'start', task: job.task_identifier, job: jobOf(job.payload) }))
  events.on('job:success', ({ job }) => onEvent({ kind: 'end', task: job.task_identifier, job: jobOf(job.payload) }))
  events.on('job:error', ({ job, error }) =>
    onEvent({
      kind: 'failed',
      task: job.task_identifier,
      job: jobOf(job.payload),
      message: error instanceof Error ? error.message : String(error),
    }),
  )
}
