/** The work that a worker leaves to others, and why. */
import { z } from 'zod'
import type { Database } from '../db/connect'

export interface WorkerIdentity {
  /** Fingerprint of its engine. */
  engine: string
  /** Hash of its code, by kind of job. */
  sources: ReadonlyMap<string, string | null>
  /** A command in the foreground computes only its own jobs. */
  onlyJobs?: readonly string[] | undefined
}

interface QueuedCode {
  kind: string
  sourceHash: string | null
}

interface QueuedJob extends QueuedCode {
  id: string
  engine: string | null
}

/** Whether the worker leaves the job to others. */
export function isForeign(job: QueuedJob, worker: WorkerIdentity): boolean {
  return !isOwn(job, worker) || hasOtherEngine(job, worker) || hasOtherCode(job, worker)
}

const isOwn = ({ id }: QueuedJob, { onlyJobs }: WorkerIdentity) => !onlyJobs || onlyJobs.includes(id)

const hasOtherEngine = ({ engine }: QueuedJob, worker: WorkerIdentity) => engine !== null && engine !== worker.engine

/** A job without a hash fits every worker; the first one that takes it sets the hash. */
const hasOtherCode = ({ kind, sourceHash }: QueuedCode, { sources }: WorkerIdentity) =>
  sourceHash !== null && sources.get(kind) !== sourceHash

const Unfinished = z.array(
  z.object({ id: z.string(), kind: z.string(), engine: z.string().nullable(), sourceHash: z.string().nullable() }),
)

/**
 * Flags of the queue's entries that this worker must not take: jobs that were planned on another engine or device
 * (their bytes would differ), jobs that were queued for other code, and, in the foreground, the jobs of others.
 * @param onOtherCode called for each job with other code, every time
 */
export async function foreignFlags(
  { pool }: Database,
  worker: WorkerIdentity,
  onOtherCode: (job: { id: string } & QueuedCode) => void,
): Promise<string[]> {
  const { rows } = await pool.query(
    `SELECT id, kind, engine, source_hash AS "sourceHash" FROM job WHERE status IN ('pending', 'running')`,
  )
  const flags = new Set<string>()
  for (const job of Unfinished.parse(rows)) {
    const isOtherCode = hasOtherCode(job, worker)
    if (!isOwn(job, worker) || isOtherCode) flags.add(`job:${job.id}`)
    if (isOwn(job, worker) && isOtherCode) onOtherCode(job)
    if (hasOtherEngine(job, worker)) flags.add(`engine:${job.engine}`)
  }
  return [...flags]
}

/** Why a worker leaves a job: for the job's log and the worker's. */
export function otherCodeMessage({ kind, sourceHash }: QueuedCode, { sources }: WorkerIdentity): string {
  const own = sources.get(kind)
  const code = own ? `code ${short(own)} for ${kind} jobs` : `no code for ${kind} jobs`
  return `waits for a worker with the same code: queued for ${short(sourceHash ?? '')}, this worker has ${code} (retry the job to queue it for the code of this version)`
}

/** Enough of a hash for a person to compare. */
export const short = (hash: string): string => hash.slice(0, 12)
