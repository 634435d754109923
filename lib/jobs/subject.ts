/** What a job works on: the row that people look at, whose status follows the job's. */
import type { ClientBase } from 'pg'
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { Status } from '../db/generated/client'
import { LEASE_MS } from './lease'

/** Kind of job → the table, the key in the job's spec, the column it names, and whether the row keeps an error. */
const SUBJECTS: Readonly<Record<string, { table: string; key: string; column: string; keepsError: boolean }>> = {
  harvest: { table: 'harvest', key: 'harvest', column: 'id', keepsError: false },
  train: { table: 'run', key: 'run', column: 'id', keepsError: true },
  dashboards: { table: 'feature_set', key: 'dictionary', column: 'dictionary_id', keepsError: false },
}

export interface JobSubject {
  kind: string
  spec: object
}

/** The work has ended without a result. A row that another job has finished stays as it is. */
export async function endSubject(
  client: ClientBase,
  { kind, spec }: JobSubject,
  status: 'failed' | 'cancelled',
  error?: { code: string; message: string },
): Promise<void> {
  const subject = SUBJECTS[kind]
  if (!subject) return
  const { table, key, column, keepsError } = subject
  const id = (spec as Record<string, string>)[key]
  await client.query(
    `UPDATE ${table} SET status = $2, finished_at = now()${keepsError ? ', error = $3' : ''}
     WHERE ${column} = $1 AND status IN ('pending', 'running')`,
    [id, status, ...(keepsError ? [error ? JSON.stringify(error) : null] : [])],
  )
}

/**
 * The work goes on. Refuses a run that another job has finished, or whose name something else has taken since.
 */
export async function reviveSubject(client: ClientBase, { kind, spec }: JobSubject): Promise<void> {
  const subject = SUBJECTS[kind]
  if (!subject) return
  const { table, key, column, keepsError } = subject
  const id = (spec as Record<string, string>)[key]!
  if (kind === 'train') await requireRevivable(client, id)
  await client.query(
    `UPDATE ${table} SET status = 'running', finished_at = NULL${keepsError ? ', error = NULL' : ''}
     WHERE ${column} = $1 AND status IN ('failed', 'cancelled')`,
    [id],
  )
}

async function requireRevivable(client: ClientBase, run: string): Promise<void> {
  const { rows } = await client.query<{ name: string; status: string; taken: boolean; rival: boolean }>(
    `SELECT r.name, r.status, EXISTS (SELECT FROM dictionary d WHERE d.name = r.name) AS taken,
            EXISTS (SELECT FROM run o WHERE o.name = r.name AND o.id <> r.id AND o.status IN ('pending', 'running')) AS rival
     FROM run r WHERE r.id = $1`,
    [run],
  )
  const found = rows[0]
  if (!found) throw new LoupeError('not-found', 'the run of this job is no longer there')
  if (found.status === 'finished') throw new LoupeError('conflict', `the run ${found.name} is finished already`)
  if (found.taken || found.rival) {
    const rival = found.taken ? 'a dictionary' : 'another unfinished run'
    throw new LoupeError('conflict', `${rival} is named ${found.name} by now`, {
      remedy: 'start a new run under another name',
    })
  }
}

/** The job behind a row that people look at. */
export interface JobReference {
  id: string
  status: Status
  /** Whether a live worker has a part of it in hand. */
  hasLiveWorker: boolean
}

/** A live worker with a part of the job `j` in hand. */
export const HAS_LIVE_WORKER = `EXISTS (SELECT FROM job_part p JOIN worker w ON w.id = p.worker_id
  WHERE p.job_id = j.id AND p.status = 'running' AND j.status = 'running'
    AND w.heartbeat_at > now() - interval '${LEASE_MS} milliseconds')`

/** The newest job of a kind for each of these rows, by the row's id; `kind` is also the key in the job's spec. */
export async function newestJobs(
  { pool }: Database,
  of: 'harvest' | 'run',
  ids: readonly string[],
): Promise<Map<string, JobReference>> {
  const kind = of === 'run' ? 'train' : 'harvest'
  const { rows } = await pool.query<JobReference & { subject: string }>(
    `SELECT DISTINCT ON (j.spec ->> $2) j.spec ->> $2 AS subject, j.id, j.status, ${HAS_LIVE_WORKER} AS "hasLiveWorker"
     FROM job j WHERE j.kind = $1 AND j.spec ->> $2 = ANY($3::text[])
     ORDER BY j.spec ->> $2, j.created_at DESC`,
    [kind, of, ids],
  )
  return new Map(rows.map(({ subject, ...job }) => [subject, job]))
}
