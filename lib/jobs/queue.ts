/** Puts jobs into the queue. graphile-worker holds only who does what next; the state that people see is in `job`. */
import { runMigrations } from 'graphile-worker'
import type { PoolClient } from 'pg'
import { LoupeError } from '../../trainer/errors'
import { transaction } from '../../trainer/store/database'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import { short } from './foreign'
import { releaseDead } from './lease'
import { logJob } from './log'
import type { JobDescription } from './schema'
import { sourceHash } from './sourceHash'
import { IS_HELD } from './subject'

/** A part that crashed its process this often is given up. */
export const MAX_ATTEMPTS = 4

export type Step = 'plan' | 'part' | 'finish'
const PRIORITIES: Record<Step, number> = { finish: -2, part: 0, plan: -1 }

interface Unfinished {
  id: string
  engine: string | null
  sourceHash: string | null
}

/**
 * The unfinished job with this very spec, or a new one; its remaining parts are in the queue afterwards. It is queued
 * for the code of this process. Refused when another engine has planned it: its parts would not fit together.
 * @param backend of a process that is to compute it
 */
export async function submitJob(
  database: Database,
  kind: JobDescription,
  spec: object,
  backend?: Backend,
): Promise<string> {
  const text = JSON.stringify(kind.schema.parse(spec))
  const { pool } = database
  await runMigrations({ pgPool: pool })
  await releaseDead(pool)
  const { id, codeBefore } = await transaction(pool, async (client) => {
    // Of two equal requests at once, the second finds the job of the first.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${kind.name} ${text}`])
    const unfinished = await findUnfinished(client, kind, text)
    if (!unfinished) return { id: await insertJob(client, kind, text), codeBefore: null }
    if (backend) requireEngine(kind, unfinished, backend)
    return { id: unfinished.id, codeBefore: await continueWithOwnCode(client, kind, unfinished) }
  })
  if (codeBefore !== null) await logJob(database, id, 'warning', codeChange(codeBefore, sourceHash(kind.source) ?? ''))
  await enqueueRemaining(database, id)
  return id
}

async function findUnfinished(client: PoolClient, kind: JobDescription, spec: string): Promise<Unfinished | undefined> {
  const { rows } = await client.query<Unfinished>(
    `SELECT id, engine, source_hash AS "sourceHash" FROM job
     WHERE kind = $1 AND spec = $2::jsonb AND status IN ('pending', 'running')
     ORDER BY created_at DESC LIMIT 1`,
    [kind.name, spec],
  )
  return rows[0]
}

async function insertJob(client: PoolClient, kind: JobDescription, spec: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO job (kind, spec, source_hash) VALUES ($1, $2, $3) RETURNING id',
    [kind.name, spec, sourceHash(kind.source)],
  )
  return rows[0]!.id
}

function requireEngine({ name }: JobDescription, { id, engine }: Unfinished, { fingerprint }: Backend): void {
  if (engine === null || engine === fingerprint) return
  throw new LoupeError(
    'mismatch',
    `this ${name} was started on "${engine}"; this process computes on "${fingerprint}"`,
    { remedy: `continue there, or cancel it (loupe jobs cancel ${id}) and start again here` },
  )
}

/**
 * A waiting job that is submitted again is computed by the code of this version.
 * @returns the hash before; null where it stays
 */
async function continueWithOwnCode(client: PoolClient, kind: JobDescription, job: Unfinished): Promise<string | null> {
  const own = sourceHash(kind.source)
  if (own === null || job.sourceHash === null || job.sourceHash === own) return null
  const { rowCount } = await client.query(`UPDATE job j SET source_hash = $2 WHERE j.id = $1 AND NOT ${IS_HELD}`, [
    job.id,
    own,
  ])
  if (rowCount) return job.sourceHash
  throw new LoupeError('mismatch', `a worker with other code is computing this ${kind.name} job`, {
    remedy: `let it finish, or cancel it (loupe jobs cancel ${job.id}) and start again here`,
  })
}

export const codeChange = (before: string, now: string): string =>
  `queued for other code now: ${short(now)} instead of ${short(before)}`

/**
 * Puts what is still to do into the queue: the plan, the unfinished parts, or the finish. Entries that a live worker
 * holds are left alone, so calling it again is harmless. One transaction under a lock of the job.
 */
export async function enqueueRemaining(database: Database, id: string): Promise<void> {
  await transaction(database.pool, async (client) => {
    const { rows } = await client.query<QueuedJob & { status: string }>(
      'SELECT id, engine, planned, status FROM job WHERE id = $1 FOR UPDATE',
      [id],
    )
    const job = rows[0]
    if (job && (job.status === 'pending' || job.status === 'running')) await enqueueLocked(client, job)
  })
}

interface QueuedJob {
  id: string
  engine: string | null
  planned: boolean
}

async function enqueueLocked(client: PoolClient, job: QueuedJob): Promise<void> {
  const { rows: held } = await client.query<{ key: string }>(
    'SELECT key FROM graphile_worker.jobs WHERE key LIKE $1 AND locked_at IS NOT NULL',
    [`${job.id}:%`],
  )
  const locked = new Set(held.map(({ key }) => key))
  const add = async (step: Step, idx?: number) => {
    if (!locked.has(keyOf(job.id, step, idx))) await addEntry(client, job, step, idx)
  }
  if (!job.planned) return add('plan')
  const { rows: parts } = await client.query<{ idx: number }>(
    `SELECT idx FROM job_part WHERE job_id = $1 AND status <> 'finished' ORDER BY idx`,
    [job.id],
  )
  for (const { idx } of parts) await add('part', idx)
  if (parts.length === 0) await add('finish')
}

/** Gives one entry back to the queue, for another worker: the entry that this worker holds ends without an attempt. */
export async function putBack({ pool }: Database, job: Omit<QueuedJob, 'planned'>, step: Step, idx?: number) {
  await transaction(pool, (client) => addEntry(client, job, step, idx))
}

async function addEntry(client: PoolClient, job: Omit<QueuedJob, 'planned'>, step: Step, idx?: number): Promise<void> {
  const flags = [`job:${job.id}`, ...(job.engine ? [`engine:${job.engine}`] : [])]
  const payload = JSON.stringify({ job: job.id, ...(idx !== undefined && { idx }) })
  await client.query(
    `SELECT graphile_worker.add_job($1, payload := $2::json, job_key := $3, flags := $4, priority := $5, max_attempts := $6)`,
    [step, payload, keyOf(job.id, step, idx), flags, PRIORITIES[step], MAX_ATTEMPTS],
  )
}

const keyOf = (job: string, step: Step, idx?: number): string => `${job}:${step}${idx === undefined ? '' : `:${idx}`}`
