/**
 * Which workers are alive. Every worker renews its row. What a dead worker held returns to the queue: at once when its
 * process on this host is gone, after `LEASE_MS` without a heartbeat when it ran on another host.
 */
import { hostname } from 'node:os'
import type { Pool } from 'pg'
import { processExists } from '../../trainer/processExists'
import type { WorkerIdentity } from './foreign'

const HEARTBEAT_MS = 3_000
/** A worker computes for seconds without returning to its event loop, so a lease outlasts several missed beats. */
export const LEASE_MS = 45_000

export interface Lease {
  /** Registers a graphile-worker worker of this process. */
  add(workerId: string): Promise<void>
  stop(): Promise<void>
}

export function holdLease(pool: Pool, { engine, sources }: WorkerIdentity, onBeat: () => Promise<void>): Lease {
  const ids = new Set<string>()
  let beating: Promise<void> = Promise.resolve()
  const beat = async () => {
    if (ids.size > 0) await pool.query('UPDATE worker SET heartbeat_at = now() WHERE id = ANY($1)', [[...ids]])
    await releaseDead(pool)
    await onBeat()
  }
  const timer = setInterval(() => {
    // After a beat that fails (database restarting) comes the next; the work itself reports a lost database.
    beating = beating.then(() => beat().catch(() => undefined))
  }, HEARTBEAT_MS)
  return {
    async add(workerId) {
      ids.add(workerId)
      await pool.query(
        'INSERT INTO worker (id, host, pid, engine, sources) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING',
        [workerId, hostname(), process.pid, engine, JSON.stringify(Object.fromEntries(sources))],
      )
    },
    async stop() {
      clearInterval(timer)
      await beating
      await pool.query('DELETE FROM worker WHERE id = ANY($1)', [[...ids]]).catch(() => undefined)
    },
  }
}

/** Frees what dead workers held and deletes their rows. */
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

/** The number of live workers; what dead workers held is freed first. */
export async function liveWorkers(pool: Pool): Promise<number> {
  await releaseDead(pool)
  const { rows } = await pool.query<{ workers: number }>('SELECT count(*)::int AS workers FROM worker')
  return rows[0]?.workers ?? 0
}
