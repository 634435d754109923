/** How jobs end without a result, and how they continue after that. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { transaction } from '../../trainer/store/database'
import { byNameOrId } from '../base/names'
import type { Database } from '../db/connect'
import { releaseDead } from './lease'
import { logJob } from './log'
import { codeChange, enqueueRemaining, MAX_ATTEMPTS } from './queue'
import type { JobDescription, StoredError } from './schema'
import { sourceHash } from './sourceHash'
import { endSubject, IS_HELD, reviveSubject } from './subject'

type Kinds = readonly JobDescription[]

const Changed = z.object({ kind: z.string(), spec: z.record(z.string(), z.unknown()) })
type Changed = z.output<typeof Changed>

/** Ends an unfinished job with an error; the row that it works on fails too. */
export async function failJob(database: Database, id: string, kinds: Kinds, error: StoredError): Promise<void> {
  const isEnded = await transaction(database.pool, (client) => endUnfinished(client, id, kinds, 'failed', error))
  if (!isEnded) return
  await logJob(database, id, 'error', `failed: ${error.message}${error.remedy ? ` (${error.remedy})` : ''}`)
}

/** Takes a job out of the queue; a worker that computes a part of it stops at its next check. Does nothing to an ended job. */
export async function cancelJob(database: Database, id: string, kinds: Kinds): Promise<void> {
  const isEnded = await transaction(database.pool, async (client) => {
    const hasChanged = await endUnfinished(client, id, kinds, 'cancelled')
    await removeFromQueue(client, id)
    return hasChanged
  })
  if (isEnded) await logJob(database, id, 'warning', 'cancelled; what is stored stays')
}

async function endUnfinished(
  client: ClientBase,
  id: string,
  kinds: Kinds,
  status: 'failed' | 'cancelled',
  error?: StoredError,
): Promise<boolean> {
  const { rows } = await client.query(
    `UPDATE job SET status = $2, error = $3, finished_at = now()
     WHERE id = $1 AND status IN ('pending', 'running') RETURNING kind, spec`,
    [id, status, error ? JSON.stringify(error) : null],
  )
  if (!rows[0]) return false
  const { kind, spec } = Changed.parse(rows[0])
  const description = kinds.find(({ name }) => name === kind)
  if (description) await endSubject(client, description, spec, status, error)
  return true
}

async function removeFromQueue(client: ClientBase, id: string): Promise<void> {
  await client.query('SELECT graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE key LIKE $1', [`${id}:%`])
}

/** How long a retry waits for a worker that has not yet noticed that the job ended. */
const LET_GO_MS = 15_000
const LOOK_MS = 250

/** An unfinished job that no worker holds can be queued again for other code. */
const RETRIABLE = `(j.status IN ('failed', 'cancelled') OR j.status IN ('pending', 'running')
  AND j.source_hash <> $2 AND NOT ${IS_HELD})`

/**
 * Puts a failed or cancelled job back into the queue, for the code of this version; finished parts stay finished. So
 * does it with an unfinished job that waits for other code. Throws `not-found` for an unknown job, `conflict` for a
 * job that runs or is finished, or whose place another one has taken.
 */
export async function retryJob(database: Database, id: string, kinds: Kinds): Promise<void> {
  const { description, before } = await requireRetriable(database, id, kinds)
  const hash = description ? sourceHash(description.source) : null
  await untilLetGo(database, id)
  await transaction(database.pool, async (client) => {
    const { rows } = await client.query(
      `UPDATE job j SET status = CASE WHEN planned THEN 'running'::status ELSE 'pending'::status END, error = NULL,
                        finished_at = NULL, source_hash = $2
       WHERE id = $1 AND ${RETRIABLE} RETURNING kind, spec`,
      [id, hash],
    )
    if (!rows[0]) throw new LoupeError('conflict', 'another request put the job back just now')
    if (description) await reviveSubject(client, description, Changed.parse(rows[0]).spec)
    await client.query(`UPDATE job_part SET status = 'pending' WHERE job_id = $1 AND status <> 'finished'`, [id])
    await removeFromQueue(client, id)
  })
  await logJob(database, id, 'info', 'put back into the queue')
  if (hash !== null && before !== null && hash !== before)
    await logJob(database, id, 'warning', codeChange(before, hash))
  await enqueueRemaining(database, id)
}

/** The kind of the job, undefined for one that this version does not know, and the hash of the code it was queued for. */
async function requireRetriable(database: Database, id: string, kinds: Kinds) {
  const { prisma, pool } = database
  const job = 'id' in byNameOrId(id) ? await prisma.job.findUnique({ where: { id } }) : null
  if (!job) throw new LoupeError('not-found', `there is no job "${id}"`, { remedy: 'see the list: loupe jobs' })
  if (job.status === 'finished') {
    throw new LoupeError('conflict', `the ${job.kind} job has finished: nothing is left to do`)
  }
  const description = kinds.find(({ name }) => name === job.kind)
  const hash = description ? sourceHash(description.source) : null
  await releaseDead(pool)
  const { rowCount: canRetry } = await pool.query(`SELECT FROM job j WHERE j.id = $1 AND ${RETRIABLE}`, [id, hash])
  if (!canRetry) {
    throw new LoupeError('conflict', `the ${job.kind} job is ${job.status}`, {
      remedy: 'cancel it first, or let it run',
    })
  }
  const { rowCount: rivals } = await pool.query(
    `SELECT FROM job WHERE kind = $1 AND spec = $2::jsonb AND id <> $3 AND status IN ('pending', 'running') LIMIT 1`,
    [job.kind, JSON.stringify(job.spec), id],
  )
  if (rivals) throw new LoupeError('conflict', `another ${job.kind} job does the same work already`)
  return { description, before: job.sourceHash }
}

/** Two workers on one part would compute it twice, and a training run has no second part. */
async function untilLetGo({ pool }: Database, id: string): Promise<void> {
  const deadline = Date.now() + LET_GO_MS
  for (;;) {
    await releaseDead(pool)
    const { rowCount } = await pool.query(`SELECT FROM job j WHERE j.id = $1 AND ${IS_HELD}`, [id])
    if (!rowCount) return
    if (Date.now() > deadline) {
      throw new LoupeError('conflict', 'a worker is still busy with this job', {
        remedy: 'it stops at its next check: try again in a minute',
      })
    }
    await sleep(LOOK_MS)
  }
}

/** A part that ended its process `MAX_ATTEMPTS` times fails its job, which would otherwise wait for ever. */
export async function failGivenUp(database: Database, kinds: Kinds): Promise<void> {
  const { rows } = await database.pool.query<{ id: string; last_error: string | null }>(
    `SELECT DISTINCT ON (j.id) j.id, q.last_error FROM job j
     JOIN graphile_worker.jobs q ON q.key LIKE j.id::text || ':%'
     WHERE j.status IN ('pending', 'running') AND j.kind = ANY($1)
       AND q.attempts >= q.max_attempts AND q.locked_at IS NULL`,
    [kinds.map(({ name }) => name)],
  )
  for (const { id, last_error } of rows) {
    const reason = last_error?.split('\n')[0] ?? 'its process ended without a message'
    await failJob(database, id, kinds, {
      code: 'unavailable',
      message: `a part was given up after ${MAX_ATTEMPTS} attempts: ${reason}`,
      remedy: 'look at memory (loupe doctor), then run the command again',
    })
  }
}
