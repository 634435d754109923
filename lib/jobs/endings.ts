/** How jobs end without a result, and begin again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { LoupeError } from '../../trainer/errors'
import { transaction } from '../../trainer/store/database'
import type { Database } from '../db/connect'
import { byNameOrId } from '../base/names'
import { releaseDead } from './lease'
import { logJob } from './log'
import { enqueueRemaining, MAX_ATTEMPTS } from './queue'
import { endSubject, reviveSubject, type JobSubject } from './subject'

export interface StoredError {
  code: string
  message: string
  remedy: string | null
}

/** Ends an unfinished job with an error; what it works on ends with it. */
export async function failJob(database: Database, id: string, error: StoredError): Promise<void> {
  const isEnded = await transaction(database.pool, async (client) => {
    const job = await endUnfinished(client, id, 'failed', error)
    if (job) await endSubject(client, job, 'failed', { code: error.code, message: error.message })
    return job !== undefined
  })
  if (!isEnded) return
  await logJob(database, id, 'error', `failed: ${error.message}${error.remedy ? ` (${error.remedy})` : ''}`)
}

/** Takes a job out of the queue; a worker that is busy with it stops at its next check. No error when it has ended. */
export async function cancelJob(database: Database, id: string): Promise<void> {
  const isEnded = await transaction(database.pool, async (client) => {
    const job = await endUnfinished(client, id, 'cancelled')
    if (job) await endSubject(client, job, 'cancelled')
    await removeFromQueue(client, id)
    return job !== undefined
  })
  if (isEnded) await logJob(database, id, 'warning', 'cancelled; what is stored stays')
}

async function endUnfinished(
  client: ClientBase,
  id: string,
  status: 'failed' | 'cancelled',
  error?: StoredError,
): Promise<JobSubject | undefined> {
  const { rows } = await client.query<JobSubject>(
    `UPDATE job SET status = $2, error = $3, finished_at = now()
     WHERE id = $1 AND status IN ('pending', 'running') RETURNING kind, spec`,
    [id, status, error ? JSON.stringify(error) : null],
  )
  return rows[0]
}

async function removeFromQueue(client: ClientBase, id: string): Promise<void> {
  await client.query('SELECT graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE key LIKE $1', [`${id}:%`])
}

/** How long a retry waits for a worker that has not yet noticed that the job had ended. */
const LET_GO_MS = 15_000
const LOOK_MS = 250

/**
 * Puts a failed or cancelled job back into the queue where it was: finished parts stay finished. Throws `not-found` for
 * an unknown one, `conflict` for one that runs or is finished, or whose place another one has taken.
 */
export async function retryJob(database: Database, id: string): Promise<void> {
  await requireRetriable(database, id)
  await untilLetGo(database, id)
  await transaction(database.pool, async (client) => {
    const { rows } = await client.query<JobSubject>(
      `UPDATE job SET status = CASE WHEN planned THEN 'running'::status ELSE 'pending'::status END, error = NULL,
                      finished_at = NULL
       WHERE id = $1 AND status IN ('failed', 'cancelled') RETURNING kind, spec`,
      [id],
    )
    if (!rows[0]) throw new LoupeError('conflict', 'the job was put back by somebody else just now')
    await reviveSubject(client, rows[0])
    await client.query(`UPDATE job_part SET status = 'pending' WHERE job_id = $1 AND status <> 'finished'`, [id])
    await removeFromQueue(client, id)
  })
  await logJob(database, id, 'info', 'put back into the queue')
  await enqueueRemaining(database, id)
}

async function requireRetriable({ prisma, pool }: Database, id: string): Promise<void> {
  const job = 'id' in byNameOrId(id) ? await prisma.job.findUnique({ where: { id } }) : null
  if (!job) throw new LoupeError('not-found', `there is no job "${id}"`, { remedy: 'see the list: loupe jobs' })
  if (job.status === 'finished')
    throw new LoupeError('conflict', `the ${job.kind} job has finished: nothing is left to do`)
  if (job.status !== 'failed' && job.status !== 'cancelled') {
    throw new LoupeError('conflict', `the ${job.kind} job is ${job.status}`, {
      remedy: 'cancel it first, or let it run',
    })
  }
  const { rowCount } = await pool.query(
    `SELECT FROM job WHERE kind = $1 AND spec = $2::jsonb AND status IN ('pending', 'running') LIMIT 1`,
    [job.kind, JSON.stringify(job.spec)],
  )
  if (rowCount) throw new LoupeError('conflict', `another ${job.kind} job does the same work already`)
}

/** Two workers on one part would compute it twice, and a training run has no second part. */
async function untilLetGo({ pool }: Database, id: string): Promise<void> {
  const deadline = Date.now() + LET_GO_MS
  for (;;) {
    await releaseDead(pool)
    const { rowCount } = await pool.query(
      `SELECT FROM graphile_worker._private_jobs WHERE locked_at IS NOT NULL AND payload ->> 'job' = $1 LIMIT 1`,
      [id],
    )
    if (!rowCount) return
    if (Date.now() > deadline) {
      throw new LoupeError('conflict', 'a worker is still busy with this job', {
        remedy: 'it stops at its next check: try again in a while',
      })
    }
    await sleep(LOOK_MS)
  }
}

/** A part that took its process down with it four times ends its job, instead of waiting for ever. */
export async function failGivenUp(database: Database): Promise<void> {
  const { rows } = await database.pool.query<{ id: string; last_error: string | null }>(
    `SELECT DISTINCT ON (j.id) j.id, q.last_error FROM job j
     JOIN graphile_worker.jobs q ON q.key LIKE j.id::text || ':%'
     WHERE j.status IN ('pending', 'running') AND q.attempts >= q.max_attempts AND q.locked_at IS NULL`,
  )
  for (const { id, last_error } of rows) {
    const reason = last_error?.split('\n')[0] ?? 'its process ended without a word'
    await failJob(database, id, {
      code: 'unavailable',
      message: `a part was given up after ${MAX_ATTEMPTS} attempts: ${reason}`,
      remedy: 'look at memory (loupe doctor), then run the command again',
    })
  }
}
