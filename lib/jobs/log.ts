/** What happened to a job, one line per event. */
import { z } from 'zod'
import type { Database } from '../db/connect'
import { LogLine } from './schema'

type Level = LogLine['level']

/** A line that cannot be written does not fail the work; a lost database shows in the work itself. */
export async function logJob({ pool }: Database, job: string, level: Level, text: string): Promise<void> {
  await pool
    .query('INSERT INTO job_log (job_id, level, text) VALUES ($1, $2, $3)', [job, level, text])
    .catch(() => undefined)
}

/** As `logJob`, unless the job's log has this very line already. */
export async function logJobOnce({ pool }: Database, job: string, level: Level, text: string): Promise<void> {
  await pool
    .query(
      `INSERT INTO job_log (job_id, level, text)
       SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM job_log WHERE job_id = $1 AND text = $3)`,
      [job, level, text],
    )
    .catch(() => undefined)
}

const Stored = z.array(LogLine.extend({ at: z.date().transform((at) => at.toISOString()) }))

/** Lines written after the line `after`, oldest first; without it, the newest ones. */
export async function readJobLog(
  { pool }: Database,
  job: string,
  { after, limit = 500 }: { after?: number | undefined; limit?: number } = {},
): Promise<LogLine[]> {
  const newestFirst = after === undefined
  const { rows } = await pool.query(
    `SELECT id::float8 AS id, at, level, text FROM job_log WHERE job_id = $1 AND id > $2
     ORDER BY id ${newestFirst ? 'DESC' : 'ASC'} LIMIT $3`,
    [job, after ?? 0, limit],
  )
  const lines = Stored.parse(rows)
  return newestFirst ? lines.reverse() : lines
}

/** Each process writes a line this often about a job, which may have thousands of parts. */
const LINE_MS = 10_000

interface PartOfJob {
  id: string
  unit: string
  idx: number
  parts: number
  /** Units of work that were left when it started. */
  work: number
}

/** Logs the parts that one process computes: every part when parts are long, some when they are short and many. */
export class PartJournal {
  /** By job: when the last line was written, and how many parts have ended without a line since. */
  private readonly written = new Map<string, { at: number; unlogged: number }>()

  constructor(
    private readonly database: Database,
    private readonly worker: string,
    private readonly now = () => performance.now(),
  ) {}

  async started(part: PartOfJob): Promise<void> {
    if (!this.isDue(part.id)) return
    await this.write(part.id, `part ${part.idx + 1} of ${part.parts} started by ${this.worker}`)
  }

  async ended(part: PartOfJob, seconds: number): Promise<void> {
    const last = this.written.get(part.id)
    if (!this.isDue(part.id)) {
      if (last) last.unlogged += 1
      return
    }
    const rate = `${count(part.work)} ${part.unit} in ${seconds.toFixed(1)} s (${count(part.work / seconds)} per second)`
    const others = last?.unlogged ? `, and ${last.unlogged} more since the last line` : ''
    await this.write(part.id, `part ${part.idx + 1} of ${part.parts} done by ${this.worker}: ${rate}${others}`)
  }

  forget(job: string): void {
    this.written.delete(job)
  }

  private isDue(job: string): boolean {
    const last = this.written.get(job)
    return !last || this.now() - last.at >= LINE_MS
  }

  private async write(job: string, text: string): Promise<void> {
    this.written.set(job, { at: this.now(), unlogged: 0 })
    await logJob(this.database, job, 'info', text)
  }
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
