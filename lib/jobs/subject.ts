/** What a job works on: the row that people look at, whose status follows the job's. */
import type { ClientBase } from 'pg'
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import { LEASE_MS } from './lease'
import type { JobDescription, JobReference, JobSubject, StoredError } from './schema'

/** The job ended without a result, so its row does too. A row that another job has finished stays as it is. */
export async function endSubject(
  client: ClientBase,
  { subject }: JobDescription,
  spec: Record<string, unknown>,
  status: 'failed' | 'cancelled',
  error?: StoredError,
): Promise<void> {
  if (!subject) return
  const { table, key, column, keepsError } = subject
  const kept = error && JSON.stringify({ code: error.code, message: error.message })
  await client.query(
    `UPDATE ${table} SET status = $2, finished_at = now()${keepsError ? ', error = $3' : ''}
     WHERE ${column} = $1 AND status IN ('pending', 'running')`,
    [spec[key], status, ...(keepsError ? [kept ?? null] : [])],
  )
}

/**
 * The job continues, so its row does too.
 * @throws LoupeError `not-found` when the row was deleted, `conflict` when the job makes something whose name another row uses now, or which exists already
 */
export async function reviveSubject(
  client: ClientBase,
  { subject }: JobDescription,
  spec: Record<string, unknown>,
): Promise<void> {
  if (!subject) return
  const { table, key, column, keepsError } = subject
  if (column === 'id') await requireRow(client, table, spec[key])
  if (subject.makes !== undefined) await requireNameFree(client, subject, subject.makes, spec[key])
  await client.query(
    `UPDATE ${table} SET status = 'running', finished_at = NULL${keepsError ? ', error = NULL' : ''}
     WHERE ${column} = $1 AND status IN ('failed', 'cancelled')`,
    [spec[key]],
  )
}

/** A row with an id exists before its job. Other rows are made when the job is planned. */
async function requireRow(client: ClientBase, table: string, id: unknown): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM ${table} WHERE id = $1`, [id])
  if (!rowCount) throw new LoupeError('not-found', `the ${table} of this job no longer exists`)
}

async function requireNameFree(
  client: ClientBase,
  { table, column }: JobSubject,
  makes: string,
  id: unknown,
): Promise<void> {
  const { rows } = await client.query<{ name: string; status: string; made: boolean; rival: boolean }>(
    `SELECT r.name, r.status, EXISTS (SELECT FROM ${makes} m WHERE m.name = r.name) AS made,
            EXISTS (SELECT FROM ${table} o
              WHERE o.name = r.name AND o.id <> r.id AND o.status IN ('pending', 'running')) AS rival
     FROM ${table} r WHERE r.${column} = $1`,
    [id],
  )
  const row = rows[0]!
  if (row.status === 'finished') throw new LoupeError('conflict', `the ${table} ${row.name} is already finished`)
  if (row.made || row.rival) {
    const rival = row.made ? `a ${makes}` : `another unfinished ${table}`
    throw new LoupeError('conflict', `${rival} is now named ${row.name}`, {
      remedy: `start a new ${table} under another name`,
    })
  }
}

/** Whether a live worker computes a part of the job `j`. */
export const HAS_LIVE_WORKER = `EXISTS (SELECT FROM job_part p JOIN worker w ON w.id = p.worker_id
  WHERE p.job_id = j.id AND p.status = 'running' AND j.status = 'running'
    AND w.heartbeat_at > now() - interval '${LEASE_MS} milliseconds')`

/** Whether a worker, alive or not yet released, plans, computes or finishes the job `j` now. */
export const IS_HELD = `EXISTS (SELECT FROM graphile_worker._private_jobs q
  WHERE q.locked_at IS NOT NULL AND q.payload ->> 'job' = j.id::text)`

/** The newest job of a kind for each of these rows, by the row's id. */
export async function newestJobs(
  { pool }: Database,
  { name, subject }: JobDescription & { subject: JobSubject },
  ids: readonly string[],
): Promise<Map<string, JobReference>> {
  const { rows } = await pool.query<JobReference & { subject: string }>(
    `SELECT DISTINCT ON (j.spec ->> $2) j.spec ->> $2 AS subject, j.id, j.status, ${HAS_LIVE_WORKER} AS "hasLiveWorker"
     FROM job j WHERE j.kind = $1 AND j.spec ->> $2 = ANY($3::text[])
     ORDER BY j.spec ->> $2, j.created_at DESC`,
    [name, subject.key, ids],
  )
  return new Map(rows.map(({ subject: id, ...job }) => [id, job]))
}
