/**
 * Who is alive. Every worker renews its row; what a dead one held is given back to the queue: at once when its
 * process is gone from this host, after `LEASE_MS` without a heartbeat when it ran elsewhere.
 */
import { hostname } from 'node:os'
import type { Pool } from 'pg'
import { processExists } from '../../trainer/processExists'

const HEARTBEAT_MS = 3_000
/** A worker computes for seconds without returning to its event loop, so a lease outlasts several missed beats. */
export const LEASE_MS = 45_000

export interface Lease {
  /** Registers a graphile-worker worker of this process. */
  add(workerId: string): Promise<void>
  stop(): Promise<void>
}

export function holdLease(pool: Pool, engine: string, onBeat: () => Promise<void>): Lease {
  const ids = new Set<string>()
  let beating: Promise<void> = Promise.resolve()
  const beat = async () => {
    if (ids.size > 0) await pool.query('UPDATE worker SET heartbeat_at = now() WHERE id = ANY($1)', [[...ids]])
    await releaseDead(pool)
    await onBeat()
  }
  const timer = setInterval(() => {
    // A beat that fails (database restarting) is made good by the next; the work itself reports a lost database.
    beating = beating.then(() => beat().catch(() => undefined))
  }, HEARTBEAT_MS)
  return {
    async add(workerId) {
      ids.add(workerId)
      await pool.query(
        'INSERT INTO worker (id, host, pid, engine) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING',
        [workerId, hostname(), process.pid, engine],
      )
    },
    async stop() {
      clearInterval(timer)
      await beating
      await pool.query('DELETE FROM worker WHERE id = ANY($1)', [[...ids]]).catch(() => undefined)
    },
  }
}

/** Frees the jobs of workers that are gone and forgets them. */
export async function releaseDead(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string; host: string; pid: number; expired: boolean }>(
    `SELECT id, host, pid, heartbeat_at < now() - $1 * interval '1 millisecond' AS expired FROM worker`,
    [LEASE_MS],
  )
  const dead = rows
    .filter(({ host, pid, expired }) => (host === hostname() ? !processExists(pid) : expired))
    .map(({ id }) => id)
  if (dead.length === 0) return
  await pool.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [dead])
  await pool.query('DELETE FROM worker WHERE id = ANY($1)', [dead])
}

/** How many workers are alive; what dead ones held is freed first. */
export async function liveWorkers(pool: Pool): Promise<number> {
  await releaseDead(pool)
  const { rows } = await pool.query<{ workers: number }>('SELECT count(*)::int AS workers FROM worker')
  return rows[0]?.workers ?? 0
}
