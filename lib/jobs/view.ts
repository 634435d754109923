/** Jobs as lists and pages show them. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { decodeCursor, encodeCursor } from '../base/cursor'
import type { Database } from '../db/connect'
import type { Status } from '../db/generated/client'
import { byNameOrId } from '../base/names'
import type { StoredError } from './endings'
import { HAS_LIVE_WORKER } from './subject'
import { liveWorkers } from './lease'
import { JobAnswer, JobList } from './schema'

export interface JobSummary {
  id: string
  kind: string
  status: Status
  /** Work done and in all, in `unit`; the total is 0 until the job is planned. */
  done: number
  total: number
  unit: string
  parts: { done: number; total: number }
  /** What it works on. */
  about: { dictionary?: Named; harvest?: Named; run?: Named }
  /** Fingerprint of the engine that planned it. */
  engine: string | null
  /** Whether a live worker has a part of it in hand; an unfinished job without one waits for a worker. */
  hasLiveWorker: boolean
  /** Units a second: over the last seconds while this process is asked again and again, else since the start. */
  rate: number | null
  /** While it is worked on. */
  secondsLeft: number | null
  error: StoredError | null
  /** ISO 8601. */
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

export interface JobDetail extends JobSummary {
  spec: Record<string, unknown>
  result: unknown
  workers: { id: string; host: string; pid: number; engine: string; part: number }[]
}

export interface Named {
  id: string
  name: string
}

interface Row extends Omit<
  JobSummary,
  'parts' | 'about' | 'rate' | 'secondsLeft' | 'createdAt' | 'startedAt' | 'finishedAt'
> {
  spec: Record<string, unknown>
  result: unknown
  parts_done: number
  parts_total: number
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

const JOBS = `SELECT j.id, j.kind, j.status, j.spec, j.result, j.engine, j.total, j.unit, j.error, j.created_at,
    j.started_at, j.finished_at, ${HAS_LIVE_WORKER} AS "hasLiveWorker", coalesce(parts.done, 0) AS done,
    coalesce(parts.finished, 0)::int AS parts_done, coalesce(parts.number, 0)::int AS parts_total
  FROM job j LEFT JOIN LATERAL (
    SELECT sum(done) AS done, count(*) AS number, count(*) FILTER (WHERE status = 'finished') AS finished
    FROM job_part WHERE job_id = j.id) AS parts ON true`

const Cursor = z.strictObject({ at: z.iso.datetime(), id: z.uuid() })

/** Newest first. */
export async function jobSummaries(
  database: Database,
  { limit = 50, after }: { limit?: number; after?: string } = {},
): Promise<{ jobs: JobSummary[]; next: string | null }> {
  const cursor = after === undefined ? undefined : decodeCursor(Cursor, after)
  const { rows } = await database.pool.query<Row>(
    `${JOBS} ${cursor ? 'WHERE (j.created_at, j.id) < ($2, $3)' : ''} ORDER BY j.created_at DESC, j.id DESC LIMIT $1`,
    [limit + 1, ...(cursor ? [cursor.at, cursor.id] : [])],
  )
  const page = rows.slice(0, limit)
  const about = await subjectsOf(database, page)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    jobs: page.map((row) => summarise(row, about)),
    next: last ? encodeCursor({ at: last.created_at.toISOString(), id: last.id }) : null,
  }
}

export async function jobDetail(database: Database, id: string): Promise<JobDetail> {
  const { rows } =
    'id' in byNameOrId(id) ? await database.pool.query<Row>(`${JOBS} WHERE j.id = $1`, [id]) : { rows: [] }
  const row = rows[0]
  if (!row) throw new LoupeError('not-found', `there is no job "${id}"`, { remedy: 'see the list: loupe jobs' })
  const [about, workers] = await Promise.all([subjectsOf(database, [row]), workersOf(database, id)])
  return { ...summarise(row, about), spec: row.spec, result: row.result, workers }
}

function summarise(row: Row, about: ReadonlyMap<string, Named>): JobSummary {
  const { id, kind, status, done, total, unit, engine, hasLiveWorker, error, spec } = row
  const rate = rateOf(row)
  const subject = (key: 'dictionary' | 'harvest' | 'run') => {
    const found = about.get(String(spec[key]))
    return found ? { [key]: found } : {}
  }
  return {
    id,
    kind,
    status,
    done,
    total,
    unit,
    engine,
    hasLiveWorker,
    rate,
    error,
    secondsLeft: hasLiveWorker && rate ? Math.max(0, total - done) / rate : null,
    parts: { done: row.parts_done, total: row.parts_total },
    about: { ...subject('dictionary'), ...subject('harvest'), ...subject('run') },
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

/** Names of everything that these jobs are about, by id. */
async function subjectsOf({ pool }: Database, jobs: readonly Row[]): Promise<Map<string, Named>> {
  const ids = jobs.flatMap(({ spec }) => [spec['dictionary'], spec['harvest'], spec['run']]).filter(Boolean)
  const { rows } = await pool.query<Named>(
    `SELECT id, name FROM dictionary WHERE id::text = ANY($1) UNION ALL
     SELECT id, name FROM harvest WHERE id::text = ANY($1) UNION ALL
     SELECT id, name FROM run WHERE id::text = ANY($1)`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

async function workersOf({ pool }: Database, id: string): Promise<JobDetail['workers']> {
  const { rows } = await pool.query<JobDetail['workers'][number]>(
    `SELECT w.id, w.host, w.pid, w.engine, p.idx AS part FROM job_part p JOIN worker w ON w.id = p.worker_id
     WHERE p.job_id = $1 AND p.status = 'running' ORDER BY p.idx`,
    [id],
  )
  return rows
}

/** Readings of jobs that somebody watches: how far they were, and when. */
const readings = new Map<string, { at: number; done: number }[]>()
const WATCHED_MS = 15_000
const WATCHED_JOBS = 100

function rateOf({ id, status, done, started_at }: Row, now = Date.now()): number | null {
  if (status !== 'running' || !started_at) {
    readings.delete(id)
    return null
  }
  const recent = (readings.get(id) ?? []).filter(({ at }) => now - at <= WATCHED_MS)
  readings.set(id, [...recent, { at: now, done }])
  if (readings.size > WATCHED_JOBS) readings.delete(readings.keys().next().value!)
  const first = recent[0]
  if (first && now - first.at >= 2000) return ((done - first.done) / (now - first.at)) * 1000
  const elapsed = now - started_at.getTime()
  return elapsed > 0 && done > 0 ? (done / elapsed) * 1000 : null
}

// MERGED HEADER of lib/jobs/view.ts: The parts of a job by their state.

/** Consecutive parts in one state. */
export interface PartInterval {
  status: Status
  parts: number
}

/** All parts in their order, equal neighbours together: short even for a job of very many parts. */
export async function partIntervals({ pool }: Database, job: string): Promise<PartInterval[]> {
  const { rows } = await pool.query<PartInterval>(
    `SELECT status, count(*)::int AS parts FROM (
       SELECT idx, status, idx - row_number() OVER (PARTITION BY status ORDER BY idx) AS stretch
       FROM job_part WHERE job_id = $1) AS part
     GROUP BY status, stretch ORDER BY min(idx)`,
    [job],
  )
  return rows
}

// MERGED HEADER of lib/jobs/view.ts: Answers about jobs, for routes and for the first view of a page alike.

export async function listJobs(
  database: Database,
  page: { limit: number; after?: string | undefined },
): Promise<z.output<typeof JobList>> {
  const workers = await liveWorkers(database.pool)
  return JobList.parse({ ...(await jobSummaries(database, page)), workers })
}

export async function showJob(database: Database, id: string): Promise<z.output<typeof JobAnswer>> {
  const workers = await liveWorkers(database.pool)
  const [job, intervals] = await Promise.all([jobDetail(database, id), partIntervals(database, id)])
  return JobAnswer.parse({ job: { ...job, intervals }, workers })
}
