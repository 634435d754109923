/** A process that takes part in jobs: in all of them (`loupe worker`), or in its own (a command in the foreground). */
import { EventEmitter } from 'node:events'
import { Logger, run, type WorkerEvents } from 'graphile-worker'
import { z } from 'zod'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import { failGivenUp } from './endings'
import { foreignFlags, otherCodeMessage, type WorkerIdentity } from './foreign'
import type { JobKind, PartCache } from './kind'
import { holdLease, releaseDead } from './lease'
import { logJobOnce } from './log'
import { sourceHash } from './sourceHash'
import { taskList } from './tasks'

export interface WorkerOptions {
  database: Database
  backend: Backend
  kinds: readonly JobKind[]
  /** Take part in these jobs only. */
  onlyJobs?: readonly string[]
  onEvent?: (event: WorkerEvent) => void
}

export interface WorkerEvent {
  /** `left`: the worker leaves the job to others. */
  kind: 'start' | 'end' | 'failed' | 'left'
  /** plan, part or finish. */
  task?: string
  job: string
  message?: string
}

export interface JobWorker {
  /** Stops the current part at its next check and returns when nothing runs. */
  stop(): Promise<void>
}

const POLL_MS = 500
const silent = new Logger(() => () => undefined)

export async function startWorker(options: WorkerOptions): Promise<JobWorker> {
  const { database, backend, kinds, onlyJobs, onEvent } = options
  const identity: WorkerIdentity = {
    engine: backend.fingerprint,
    sources: new Map(kinds.map(({ name, source }) => [name, sourceHash(source)])),
    onlyJobs,
  }
  const cache = new SingleEntryCache()
  const running = new RunningJobs()
  let workerId: string | undefined
  const lease = holdLease(database.pool, identity, async () => {
    await failGivenUp(database, kinds)
    await abortCancelled(database, running)
  })
  const events: WorkerEvents = new EventEmitter() as WorkerEvents
  events.on('worker:create', ({ worker }) => {
    workerId = worker.workerId
    void lease.add(worker.workerId)
  })
  if (onEvent) forwardEvents(events, onEvent)
  const onOtherCode = otherCodeReporter(options, identity)
  await releaseDead(database.pool)
  const runner = await run({
    pgPool: database.pool,
    taskList: taskList({
      database,
      backend,
      cache,
      kinds,
      identity,
      workerId: () => workerId,
      begin: (job) => running.begin(job),
      end: (job) => running.end(job),
    }),
    concurrency: 1,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    noPreparedStatements: false,
    logger: silent,
    events,
    forbiddenFlags: () => foreignFlags(database, identity, onOtherCode),
  })
  return {
    async stop() {
      running.stop()
      await runner.stop().catch(() => undefined)
      await lease.stop()
      await cache[Symbol.asyncDispose]()
    },
  }
}

/** What this worker computes now, so that it can be stopped. */
class RunningJobs {
  private readonly controllers = new Map<string, AbortController>()
  private isStopping = false

  get ids(): string[] {
    return [...this.controllers.keys()]
  }

  begin(job: string): AbortController {
    const controller = new AbortController()
    if (this.isStopping) controller.abort()
    this.controllers.set(job, controller)
    return controller
  }

  end(job: string): void {
    this.controllers.delete(job)
  }

  abort(job: string): void {
    this.controllers.get(job)?.abort()
  }

  stop(): void {
    this.isStopping = true
    for (const controller of this.controllers.values()) controller.abort()
  }
}

async function abortCancelled({ pool }: Database, running: RunningJobs): Promise<void> {
  if (running.ids.length === 0) return
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM job WHERE id = ANY($1::uuid[]) AND status IN ('cancelled', 'failed')`,
    [running.ids],
  )
  for (const { id } of rows) running.abort(id)
}

/** Reports each job with other code once for each code: as an event, and in the job's log unless another worker has. */
function otherCodeReporter({ database, onEvent }: WorkerOptions, identity: WorkerIdentity) {
  const reported = new Set<string>()
  return (job: { id: string; kind: string; sourceHash: string | null }) => {
    const key = `${job.id} ${job.sourceHash}`
    if (reported.has(key)) return
    reported.add(key)
    const message = otherCodeMessage(job, identity)
    onEvent?.({ kind: 'left', job: job.id, message })
    void logJobOnce(database, job.id, 'warning', message)
  }
}

const Payload = z.object({ job: z.string() })

function forwardEvents(events: WorkerEvents, onEvent: (event: WorkerEvent) => void): void {
  const about = ({ task_identifier: task, payload }: { task_identifier: string; payload: unknown }) => ({
    task,
    job: Payload.parse(payload).job,
  })
  events.on('job:start', ({ job }) => onEvent({ kind: 'start', ...about(job) }))
  events.on('job:success', ({ job }) => onEvent({ kind: 'end', ...about(job) }))
  events.on('job:error', ({ job, error }) =>
    onEvent({ kind: 'failed', ...about(job), message: error instanceof Error ? error.message : String(error) }),
  )
}

/** A cache of one entry: a request for another key disposes of the value that was kept. */
class SingleEntryCache implements PartCache, AsyncDisposable {
  private entry?: { key: string; value: Promise<{ dispose(): void }> }

  async get<T extends { dispose(): void }>(key: string, make: () => Promise<T>): Promise<T> {
    if (this.entry?.key !== key) {
      await this[Symbol.asyncDispose]()
      const value = make()
      this.entry = { key, value }
      value.catch(() => {
        if (this.entry?.value === value) this.entry = undefined
      })
    }
    return (await this.entry.value) as T
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const value = await this.entry?.value.catch(() => undefined)
    this.entry = undefined
    value?.dispose()
  }
}
