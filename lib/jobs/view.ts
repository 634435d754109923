/** Jobs as lists and pages show them. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { decodeCursor, encodeCursor } from '../base/cursor'
import { Status, type Named } from '../base/fields'
import { byNameOrId } from '../base/names'
import type { Database } from '../db/connect'
import { liveWorkers } from './lease'
import {
  PartInterval,
  PartWorker,
  StoredError,
  StoredResult,
  type JobAnswer,
  type JobList,
  type JobSummary,
} from './schema'
import { HAS_LIVE_WORKER } from './subject'

/** A job as the query `JOBS` returns it. */
const Row = z.object({
  id: z.string(),
  kind: z.string(),
  status: Status,
  spec: z.record(z.string(), z.unknown()),
  result: StoredResult.nullable(),
  engine: z.string().nullable(),
  source_hash: z.string().nullable(),
  total: z.number(),
  unit: z.string(),
  error: StoredError.nullable(),
  created_at: z.date(),
  started_at: z.date().nullable(),
  finished_at: z.date().nullable(),
  has_live_worker: z.boolean(),
  waits_for_same_code: z.boolean(),
  done: z.number(),
  parts_done: z.int(),
  parts_total: z.int(),
})
type Row = z.output<typeof Row>

/** Live workers know this kind of job, but all of them with other code than the job was queued for. */
const WAITS_FOR_SAME_CODE = `(j.status IN ('pending', 'running') AND j.source_hash IS NOT NULL AND NOT ${HAS_LIVE_WORKER}
  AND EXISTS (SELECT FROM worker w WHERE w.sources ->> j.kind IS NOT NULL)
  AND NOT EXISTS (SELECT FROM worker w WHERE w.sources ->> j.kind = j.source_hash))`

const JOBS = `SELECT j.id, j.kind, j.status, j.spec, j.result, j.engine, j.source_hash, j.total, j.unit, j.error,
    j.created_at, j.started_at, j.finished_at, ${HAS_LIVE_WORKER} AS has_live_worker,
    ${WAITS_FOR_SAME_CODE} AS waits_for_same_code, coalesce(parts.done, 0) AS done,
    coalesce(parts.finished, 0)::int AS parts_done, coalesce(parts.number, 0)::int AS parts_total
  FROM job j LEFT JOIN LATERAL (
    SELECT sum(done) AS done, count(*) AS number, count(*) FILTER (WHERE status = 'finished') AS finished
    FROM job_part WHERE job_id = j.id) AS parts ON true`

async function queryJobs({ pool }: Database, rest: string, values: readonly unknown[]): Promise<Row[]> {
  const { rows } = await pool.query(`${JOBS} ${rest}`, [...values])
  return z.array(Row).parse(rows)
}

const Cursor = z.strictObject({ at: z.iso.datetime(), id: z.uuid() })

interface Page {
  limit?: number | undefined
  /** `next` of the page before. */
  after?: string | undefined
}

/** Newest first. */
export async function jobSummaries(
  database: Database,
  { limit = 50, after }: Page = {},
): Promise<{ jobs: JobSummary[]; next: string | null }> {
  const cursor = after === undefined ? undefined : decodeCursor(Cursor, after)
  const rows = await queryJobs(
    database,
    `${cursor ? 'WHERE (j.created_at, j.id) < ($2, $3)' : ''} ORDER BY j.created_at DESC, j.id DESC LIMIT $1`,
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

/** As `jobSummaries`, with the number of live workers. */
export async function listJobs(database: Database, page: Page): Promise<JobList> {
  const workers = await liveWorkers(database.pool)
  return { ...(await jobSummaries(database, page)), workers }
}

/** @throws LoupeError `not-found` */
export async function jobSummary(database: Database, id: string): Promise<JobSummary> {
  const row = await requireRow(database, id)
  return summarise(row, await subjectsOf(database, [row]))
}

/** One job with everything that its page shows. @throws LoupeError `not-found` */
export async function showJob(database: Database, id: string): Promise<JobAnswer> {
  const live = await liveWorkers(database.pool)
  const row = await requireRow(database, id)
  const [about, workers, intervals] = await Promise.all([
    subjectsOf(database, [row]),
    workersOf(database, id),
    partIntervals(database, id),
  ])
  const { spec, result } = row
  return { job: { ...summarise(row, about), spec, result, workers, intervals }, workers: live }
}

async function requireRow(database: Database, id: string): Promise<Row> {
  const [row] = 'id' in byNameOrId(id) ? await queryJobs(database, 'WHERE j.id = $1', [id]) : []
  if (row) return row
  throw new LoupeError('not-found', `there is no job "${id}"`, { remedy: 'see the list: loupe jobs' })
}

function summarise(row: Row, names: ReadonlyMap<string, Named>): JobSummary {
  const { id, kind, status, done, total, unit, engine, error } = row
  const rate = rateOf(row)
  return {
    id,
    kind,
    status,
    done,
    total,
    unit,
    engine,
    rate,
    error,
    sourceHash: row.source_hash,
    hasLiveWorker: row.has_live_worker,
    waitsForSameCode: row.waits_for_same_code,
    secondsLeft: row.has_live_worker && rate ? Math.max(0, total - done) / rate : null,
    parts: { done: row.parts_done, total: row.parts_total },
    about: aboutOf(row, names),
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

/** Fields of a spec that name what the job works on. */
const SUBJECTS = ['dictionary', 'harvest', 'run'] as const

function aboutOf({ spec }: Row, names: ReadonlyMap<string, Named>): JobSummary['about'] {
  const about: JobSummary['about'] = {}
  for (const key of SUBJECTS) {
    const subject = names.get(String(spec[key]))
    if (subject) about[key] = subject
  }
  return about
}

/** Names of everything that these jobs work on, by id. */
async function subjectsOf({ pool }: Database, jobs: readonly Row[]): Promise<Map<string, Named>> {
  const ids = jobs.flatMap(({ spec }) => SUBJECTS.map((key) => spec[key])).filter(Boolean)
  const { rows } = await pool.query<Named>(
    SUBJECTS.map((table) => `SELECT id, name FROM ${table} WHERE id::text = ANY($1)`).join(' UNION ALL '),
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

async function workersOf({ pool }: Database, id: string): Promise<z.output<typeof PartWorker>[]> {
  const { rows } = await pool.query(
    `SELECT w.id, w.host, w.pid, w.engine, p.idx AS part FROM job_part p JOIN worker w ON w.id = p.worker_id
     WHERE p.job_id = $1 AND p.status = 'running' ORDER BY p.idx`,
    [id],
  )
  return z.array(PartWorker).parse(rows)
}

/** All parts in order, equal neighbours merged: short even for a job of many parts. */
async function partIntervals({ pool }: Database, job: string): Promise<PartInterval[]> {
  const { rows } = await pool.query(
    `SELECT status, count(*)::int AS parts FROM (
       SELECT idx, status, idx - row_number() OVER (PARTITION BY status ORDER BY idx) AS block
       FROM job_part WHERE job_id = $1) AS part
     GROUP BY status, block ORDER BY min(idx)`,
    [job],
  )
  return z.array(PartInterval).parse(rows)
}

/** Progress of the jobs that clients follow: how far each was, and when. */
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
