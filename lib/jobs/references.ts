import type { Database } from '../db/connect'
import type { Status } from '../db/generated/client'
import { LEASE_MS } from './lease'

/** The job behind a row that people look at. */
export interface JobReference {
  id: string
  status: Status
  /** Whether a live worker has a part of it in hand. */
  isWorkedOn: boolean
}

/** A live worker with a part of the job `j` in hand. */
export const WORKED_ON = `EXISTS (SELECT FROM job_part p JOIN worker w ON w.id = p.worker_id
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
    `SELECT DISTINCT ON (j.spec ->> $2) j.spec ->> $2 AS subject, j.id, j.status, ${WORKED_ON} AS "isWorkedOn"
     FROM job j WHERE j.kind = $1 AND j.spec ->> $2 = ANY($3::text[])
     ORDER BY j.spec ->> $2, j.created_at DESC`,
    [kind, of, ids],
  )
  return new Map(rows.map(({ subject, ...job }) => [subject, job]))
}
