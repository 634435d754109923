import type { JobHelpers } from 'graphile-worker'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../../test/support/database'
import { LoupeError } from '../../trainer/errors'
import { silentStage } from '../../trainer/progress'
import { loadBackend, type Backend } from '../../trainer/tensors/backend'
import { defineJobKind } from './kind'
import { cancelJob, retryJob } from './endings'
import { readJobLog } from './log'
import { putBack, submitJob } from './queue'
import { followJob, runJob } from './run'
import type { WorkerIdentity } from './foreign'
import { sourceHash } from './sourceHash'
import { taskList } from './tasks'
import { jobSummary } from './view'
import { startWorker } from './worker'

/** Parts that have run, in order. */
const ran: number[] = []
const Spec = z.object({ parts: z.int(), fails: z.int().optional(), slow: z.int().optional(), tag: z.string() })
const counting = defineJobKind({
  name: 'counting',
  unit: 'numbers',
  source: 'lib/jobs/jobs.test.ts',
  schema: Spec,
  part: z.object({ number: z.int() }),
  plan: ({ parts }) => Promise.resolve(Array.from({ length: parts }, (_, number) => ({ spec: { number }, total: 10 }))),
  async run({ fails, slow }, { number }, { stage }) {
    if (number === fails) throw new LoupeError('bad-input', `number ${number} is refused`, { remedy: 'take another' })
    for (let i = 0; i < (slow ?? 0); i++) {
      if (stage.signal.aborted) throw new LoupeError('cancelled', 'stopped')
      stage.report(i, slow ?? 0)
      await sleep(50)
    }
    ran.push(number)
    return { square: number * number }
  },
  finish: (_spec, parts) => Promise.resolve({ squares: parts.map((part) => (part as { square: number }).square) }),
})

const database = await testDatabase()
let backend: Backend
beforeAll(async () => {
  backend = await loadBackend('cpu')
})

describe('jobs', () => {
  it('plans, runs every part once and finishes with their results in order', async () => {
    ran.length = 0
    const seen: number[] = []
    const stage = { ...silentStage(), report: (done: number) => seen.push(done) }
    const result = await runJob(database, backend, counting, { parts: 5, tag: 'plain' }, stage)
    expect(result).toEqual({ squares: [0, 1, 4, 9, 16] })
    expect([...ran].sort()).toEqual([0, 1, 2, 3, 4])
    expect(seen.at(-1)).toBe(50)
  })

  it('finishes a job without parts', async () => {
    expect(await runJob(database, backend, counting, { parts: 0, tag: 'none' }, silentStage())).toEqual({ squares: [] })
  })

  it('fails with the error of a part, remedy included', async () => {
    const job = runJob(database, backend, counting, { parts: 3, fails: 1, tag: 'fails' }, silentStage())
    await expect(job).rejects.toMatchObject({
      code: 'bad-input',
      message: 'number 1 is refused',
      remedy: 'take another',
    })
  })

  it('continues an interrupted job without computing a part twice', async () => {
    ran.length = 0
    const spec = { parts: 3, slow: 20, tag: 'interrupted' }
    const abort = new AbortController()
    const first = runJob(database, backend, counting, spec, silentStage(abort.signal))
    while (ran.length === 0) await sleep(50)
    abort.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    const result = await runJob(database, backend, counting, spec, silentStage())
    expect(result).toEqual({ squares: [0, 1, 4] })
    expect([...ran].sort()).toEqual([0, 1, 2])
  })

  it('shares its parts between two workers', async () => {
    ran.length = 0
    const id = await submitJob(database, counting, { parts: 4, slow: 20, tag: 'shared' })
    const workers = await Promise.all([0, 1].map(() => startWorker({ database, backend, kinds: [counting] })))
    expect(await followJob(database, id, silentStage())).toEqual({ squares: [0, 1, 4, 9] })
    expect([...ran].sort()).toEqual([0, 1, 2, 3])
    const parts = await database.prisma.jobPart.findMany({ where: { jobId: id } })
    expect(new Set(parts.map(({ workerId }) => workerId)).size).toBe(2)
    await Promise.all(workers.map((worker) => worker.stop()))
  })

  it('frees at once what a dead process of this host held', async () => {
    ran.length = 0
    const id = await submitJob(database, counting, { parts: 1, tag: 'orphan' })
    // What a worker leaves that was killed after it took the plan: its lock and its row.
    const GONE = 2 ** 22 - 3
    await database.pool.query('INSERT INTO worker (id, host, pid, engine) VALUES ($1, $2, $3, $4)', [
      'worker-killed',
      hostname(),
      GONE,
      backend.fingerprint,
    ])
    await database.pool.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'worker-killed', attempts = 1 WHERE key LIKE $1`,
      [`${id}:%`],
    )
    const worker = await startWorker({ database, backend, kinds: [counting] })
    expect(await followJob(database, id, silentStage())).toEqual({ squares: [0] })
    await worker.stop()
  })

  it('leaves a job that was planned on another engine to that engine, and refuses to continue it in the foreground', async () => {
    const spec = { parts: 1, tag: 'foreign' }
    const id = await submitJob(database, counting, spec)
    await database.pool.query(`UPDATE job SET engine = 'another engine' WHERE id = $1`, [id])
    await database.pool.query(`SELECT graphile_worker.remove_job($1)`, [`${id}:plan`])
    await submitJob(database, counting, spec)
    ran.length = 0
    const worker = await startWorker({ database, backend, kinds: [counting] })
    await sleep(1500)
    await worker.stop()
    expect(ran).toEqual([])
    await expect(runJob(database, backend, counting, spec, silentStage())).rejects.toThrow(
      /started on "another engine"/,
    )
  })

  it('stops the current part when the job is cancelled', async () => {
    ran.length = 0
    const worker = await startWorker({ database, backend, kinds: [counting] })
    const id = await submitJob(database, counting, { parts: 2, slow: 200, tag: 'cancel' })
    const followed = followJob(database, id, silentStage())
    await sleep(1000)
    await cancelJob(database, id, [counting])
    await expect(followed).rejects.toThrow(/was cancelled/)
    await sleep(4000)
    expect(ran).toEqual([])
    await worker.stop()
  })

  it('logs what happened, one line per event', async () => {
    const id = await submitJob(database, counting, { parts: 2, tag: 'told' })
    const worker = await startWorker({ database, backend, kinds: [counting] })
    await followJob(database, id, silentStage())
    await sleep(200)
    await worker.stop()
    const lines = await readJobLog(database, id)
    expect(lines.map(({ text }) => text)).toEqual([
      `planned: 2 parts, 20 numbers, on ${backend.fingerprint}`,
      `part 1 of 2 started by process ${process.pid} on ${hostname()}`,
      'finished',
    ])
    expect(await readJobLog(database, id, { after: lines[0]!.id, limit: 1 })).toEqual([lines[1]])
    expect(await readJobLog(database, id, { limit: 1 })).toEqual([lines[2]])
  })
})

describe('a retry', () => {
  const endOf = (id: string) => followJob(database, id, silentStage()).catch((error: unknown) => error)

  it('continues a failed job, and the log says what happened', async () => {
    ran.length = 0
    const id = await submitJob(database, counting, { parts: 3, fails: 1, tag: 'retried' })
    const worker = await startWorker({ database, backend, kinds: [counting] })
    expect(await endOf(id)).toMatchObject({ code: 'bad-input' })
    await worker.stop()
    expect(ran).toEqual([0])
    await database.pool.query(`UPDATE job SET spec = spec - 'fails' WHERE id = $1`, [id])
    await retryJob(database, id, [counting])
    const second = await startWorker({ database, backend, kinds: [counting] })
    expect(await endOf(id)).toEqual({ squares: [0, 1, 4] })
    await second.stop()
    expect([...ran].sort()).toEqual([0, 1, 2])
    const texts = (await readJobLog(database, id)).map(({ level, text }) => `${level} ${text}`)
    expect(texts).toContain('error failed: number 1 is refused (take another)')
    expect(texts).toContain('info put back into the queue')
  })

  it('waits until no worker holds the cancelled job, then computes every part once', async () => {
    ran.length = 0
    const id = await submitJob(database, counting, { parts: 2, slow: 40, tag: 'cancelled' })
    const worker = await startWorker({ database, backend, kinds: [counting] })
    await sleep(1000)
    await cancelJob(database, id, [counting])
    await retryJob(database, id, [counting])
    expect(await endOf(id)).toEqual({ squares: [0, 1] })
    await worker.stop()
    expect([...ran].sort()).toEqual([0, 1])
  })

  it('is refused for a job that is finished or waits, whose work another job does, and for an unknown one', async () => {
    const finished = await submitJob(database, counting, { parts: 0, tag: 'refused' })
    const worker = await startWorker({ database, backend, kinds: [counting] })
    await endOf(finished)
    await worker.stop()
    await expect(retryJob(database, finished, [counting])).rejects.toThrow(/has finished/)
    const waiting = await submitJob(database, counting, { parts: 1, tag: 'rival' })
    await expect(retryJob(database, waiting, [counting])).rejects.toThrow(/is pending/)
    await cancelJob(database, waiting, [counting])
    const rival = await submitJob(database, counting, { parts: 1, tag: 'rival' })
    await expect(retryJob(database, waiting, [counting])).rejects.toThrow(/does the same work already/)
    await cancelJob(database, rival, [counting])
    for (const id of ['nonsense', '00000000-0000-4000-8000-000000000000']) {
      await expect(retryJob(database, id, [counting])).rejects.toMatchObject({ code: 'not-found' })
    }
  })
})

describe('a job that was queued for other code', () => {
  const otherCode = { ...counting, source: 'lib/jobs/log.ts' }
  const stateOf = (id: string) => jobSummary(database, id)

  it('waits for a worker with the same code, and says so', async () => {
    ran.length = 0
    const id = await submitJob(database, counting, { parts: 2, tag: 'other code' })
    const said: string[] = []
    const stale = await startWorker({
      database,
      backend,
      kinds: [otherCode],
      onEvent: ({ kind, job, message }) => said.push(`${kind} ${job} ${message}`),
    })
    await sleep(1500)
    expect(ran).toEqual([])
    expect(said.filter((line) => line.includes(id))).toEqual([
      expect.stringMatching(/^left .* waits for a worker with the same code/),
    ])
    expect(await stateOf(id)).toMatchObject({ status: 'pending', waitsForSameCode: true, hasLiveWorker: false })
    const { rows } = await database.pool.query<{ attempts: number }>(
      'SELECT attempts FROM graphile_worker.jobs WHERE key LIKE $1',
      [`${id}:%`],
    )
    expect(rows).toEqual([{ attempts: 0 }])
    const current = await startWorker({ database, backend, kinds: [counting] })
    expect(await followJob(database, id, silentStage())).toEqual({ squares: [0, 1] })
    await Promise.all([stale.stop(), current.stop()])
    const texts = (await readJobLog(database, id)).map(({ text }) => text)
    expect(texts.filter((text) => text.includes('waits for a worker with the same code'))).toHaveLength(1)
    expect(await stateOf(id)).toMatchObject({ waitsForSameCode: false, sourceHash: sourceHash(counting.source) })
  })

  it('is queued for the code of this version by a retry, and by submitting it again', async () => {
    const worker = await startWorker({ database, backend, kinds: [counting] })
    const retried = await submitJob(database, otherCode, { parts: 1, tag: 'other code, retried' })
    const again = await submitJob(database, otherCode, { parts: 1, tag: 'other code, submitted again' })
    await sleep(1000)
    expect(await stateOf(retried)).toMatchObject({ status: 'pending', waitsForSameCode: true })
    await expect(retryJob(database, retried, [otherCode])).rejects.toThrow(/is pending/)
    await retryJob(database, retried, [counting])
    expect(await followJob(database, retried, silentStage())).toEqual({ squares: [0] })
    expect(await submitJob(database, counting, { parts: 1, tag: 'other code, submitted again' })).toBe(again)
    expect(await followJob(database, again, silentStage())).toEqual({ squares: [0] })
    await worker.stop()
    const texts = (await readJobLog(database, retried)).map(({ text }) => text)
    expect(texts).toContainEqual(expect.stringMatching(/^queued for other code now: \w{12} instead of \w{12}$/))
  })

  it('goes back to the queue without an attempt when a worker takes it before it knows', async () => {
    const id = await submitJob(database, counting, { parts: 1, tag: 'other code, raced' })
    const entries = async (columns: string) => {
      const { rows } = await database.pool.query<Record<string, unknown>>(
        `SELECT ${columns} FROM graphile_worker.jobs WHERE key = $1`,
        [`${id}:plan`],
      )
      return rows
    }
    await database.pool.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'taker', attempts = 1 WHERE key = $1`,
      [`${id}:plan`],
    )
    await putBack(database, { id, engine: null }, 'plan')
    expect(await entries('attempts, locked_by')).toEqual([{ attempts: 0, locked_by: null }])
    const worker = await startWorker({ database, backend, kinds: [counting] })
    expect(await followJob(database, id, silentStage())).toEqual({ squares: [0] })
    await worker.stop()
  })
})

describe('a worker that takes an entry before it knows that the job is for others', () => {
  const cache = { get: () => Promise.reject(new Error('not used')) }

  /** Runs the first part of a planned job as a worker with this identity would. */
  async function takePart(id: string, identity: Partial<WorkerIdentity>): Promise<void> {
    const sources = new Map([[counting.name, sourceHash(counting.source)]])
    const tasks = taskList({
      database,
      backend,
      cache,
      kinds: [counting],
      identity: { engine: backend.fingerprint, sources, ...identity },
      workerId: () => undefined,
      begin: () => new AbortController(),
      end: () => undefined,
    })
    await tasks['part']!({ job: id, idx: 0 }, {} as JobHelpers)
  }

  async function planned(tag: string): Promise<string> {
    const id = await submitJob(database, counting, { parts: 1, tag })
    const data = { status: 'running', planned: true, engine: backend.fingerprint } as const
    await database.prisma.job.update({ where: { id }, data })
    await database.prisma.jobPart.create({ data: { jobId: id, idx: 0, spec: { number: 0 }, total: 10 } })
    return id
  }

  it.each([
    ['other code', { sources: new Map([[counting.name, 'other']]) }],
    ['another engine', { engine: 'another engine' }],
    ['other jobs of its own', { onlyJobs: ['00000000-0000-4000-8000-000000000000'] }],
  ])('puts it back when it has %s', async (what, identity) => {
    ran.length = 0
    const id = await planned(`taken with ${what}`)
    await takePart(id, identity)
    expect(ran).toEqual([])
    const { rows } = await database.pool.query('SELECT key FROM graphile_worker.jobs WHERE key = $1', [`${id}:part:0`])
    expect(rows).toHaveLength(1)
    await takePart(id, {})
    expect(ran).toEqual([0])
    await cancelJob(database, id, [counting])
  })

  it('sets the hash of a job without one, so that others leave the job alone', async () => {
    ran.length = 0
    const id = await planned('without a hash')
    await database.prisma.job.update({ where: { id }, data: { sourceHash: null } })
    await takePart(id, { sources: new Map([[counting.name, 'first']]) })
    expect(ran).toEqual([0])
    expect(await jobSummary(database, id)).toMatchObject({ sourceHash: 'first' })
    await cancelJob(database, id, [counting])
  })
})

describe('a job that is submitted twice', () => {
  it('is one job, even at once', async () => {
    const spec = { parts: 1, tag: 'at once' }
    const ids = await Promise.all([0, 1, 2, 3].map(() => submitJob(database, counting, spec)))
    expect(new Set(ids).size).toBe(1)
    await cancelJob(database, ids[0]!, [counting])
  })

  it('keeps its code while a worker plans it', async () => {
    const spec = { parts: 1, tag: 'submitted while planned' }
    const otherCode = { ...counting, source: 'lib/jobs/log.ts' }
    const id = await submitJob(database, otherCode, spec)
    const lock = `UPDATE graphile_worker._private_jobs SET locked_at = $2, locked_by = 'planner' WHERE key = $1`
    await database.pool.query(lock, [`${id}:plan`, new Date()])
    await expect(submitJob(database, counting, spec)).rejects.toThrow(/a worker with other code is computing/)
    await expect(retryJob(database, id, [counting])).rejects.toThrow(/is pending/)
    await database.pool.query(lock, [`${id}:plan`, null])
    expect(await submitJob(database, counting, spec)).toBe(id)
    expect(await jobSummary(database, id)).toMatchObject({ sourceHash: sourceHash(counting.source) })
    await cancelJob(database, id, [counting])
  })
})

describe('a part that was given up', () => {
  it('fails its job, noticed by any worker, and can be retried', async () => {
    const id = await submitJob(database, counting, { parts: 1, tag: 'given up' })
    await database.pool.query(
      `UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = 'gone' WHERE key LIKE $1`,
      [`${id}:%`],
    )
    const worker = await startWorker({ database, backend, kinds: [counting] })
    const status = async () => (await database.prisma.job.findUniqueOrThrow({ where: { id } })).status
    for (let waited = 0; (await status()) === 'pending' && waited < 80; waited++) await sleep(100)
    expect(await status()).toBe('failed')
    expect((await readJobLog(database, id)).at(-1)?.text).toMatch(/given up after 4 attempts: gone/)
    await retryJob(database, id, [counting])
    expect(await followJob(database, id, silentStage())).toEqual({ squares: [0] })
    await worker.stop()
  })
})
