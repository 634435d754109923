/** The parts of a job by their state. */
import type { Database } from '../db/connect'
import type { Status } from '../db/generated/client'

/** Consecutive parts in one state. */
export interface PartStretch {
  status: Status
  parts: number
}

/** All parts in their order, equal neighbours together: short even for a job of very many parts. */
export async function partStretches({ pool }: Database, job: string): Promise<PartStretch[]> {
  const { rows } = await pool.query<PartStretch>(
    `SELECT status, count(*)::int AS parts FROM (
       SELECT idx, status, idx - row_number() OVER (PARTITION BY status ORDER BY idx) AS stretch
       FROM job_part WHERE job_id = $1) AS part
     GROUP BY status, stretch ORDER BY min(idx)`,
    [job],
  )
  return rows
}
