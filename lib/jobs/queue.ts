/** What is in graphile-worker's queue for a job. */
import type { TaskSpec } from 'graphile-worker'
import type { PoolClient } from 'pg'
import { transaction } from '../../trainer/store/database'
import type { Database } from '../db/connect'

/** A part that crashed its process this often is given up. */
export const MAX_ATTEMPTS = 4

function taskSpec(job: { id: string; engine: string | null }, priority: number): TaskSpec {
  const flags = [`job:${job.id}`, ...(job.engine ? [`engine:${job.engine}`] : [])]
  return { flags, priority, maxAttempts: MAX_ATTEMPTS }
}

type Step = 'plan' | 'part' | 'finish'
const PRIORITIES: Record<Step, number> = { finish: -2, part: 0, plan: -1 }

const partKey = (job: string, idx: number) => `${job}:part:${idx}`
const planKey = (job: string) => `${job}:plan`
const finishKey = (job: string) => `${job}:finish`

/**
 * Puts what is still to be done into the queue: the plan, the parts that are not done, or the finish. Jobs that a
 * live worker holds are left alone, so calling it again is harmless. One transaction under a lock of the job.
 */
export async function enqueueRemaining(database: Database, id: string): Promise<void> {
  await transaction(database.pool, async (client) => {
    const { rows } = await client.query<{ id: string; engine: string | null; planned: boolean; status: string }>(
      'SELECT id, engine, planned, status FROM job WHERE id = $1 FOR UPDATE',
      [id],
    )
    const job = rows[0]
    if (job && (job.status === 'pending' || job.status === 'running')) await enqueueLocked(client, job)
  })
}

async function enqueueLocked(
  client: PoolClient,
  job: { id: string; engine: string | null; planned: boolean },
): Promise<void> {
  const held = await client.query<{ key: string }>(
    'SELECT key FROM graphile_worker.jobs WHERE key LIKE $1 AND locked_at IS NOT NULL',
    [`${job.id}:%`],
  )
  const locked = new Set(held.rows.map(({ key }) => key))
  const add = async (step: Step, key: string, payload: object) => {
    if (locked.has(key)) return
    const { flags, priority, maxAttempts } = taskSpec(job, PRIORITIES[step])
    await client.query(
      `SELECT graphile_worker.add_job($1, payload := $2::json, job_key := $3, flags := $4, priority := $5, max_attempts := $6)`,
      [step, JSON.stringify(payload), key, flags, priority, maxAttempts],
    )
  }
  if (!job.planned) return add('plan', planKey(job.id), { job: job.id })
  const parts = await client.query<{ idx: number }>(
    `SELECT idx FROM job_part WHERE job_id = $1 AND status <> 'finished' ORDER BY idx`,
    [job.id],
  )
  for (const { idx } of parts.rows) await add('part', partKey(job.id, idx), { job: job.id, idx })
  if (parts.rows.length === 0) await add('finish', finishKey(job.id), { job: job.id })
}
