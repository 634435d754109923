/** What happened to a job, a line each. */
import type { Database } from '../db/connect'

export type LogLevel = 'info' | 'warning' | 'error'

export interface LogLine {
  /** Ascending in the order of writing. */
  id: number
  /** ISO 8601. */
  at: string
  level: LogLevel
  text: string
}

/** A line that cannot be written is no failure of the work; a lost database shows in the work itself. */
export async function logJob({ pool }: Database, job: string, level: LogLevel, text: string): Promise<void> {
  await pool
    .query('INSERT INTO job_log (job_id, level, text) VALUES ($1, $2, $3)', [job, level, text])
    .catch(() => undefined)
}

/** Lines written after the line `after`, oldest first; without it, the newest ones. */
export async function readJobLog(
  { pool }: Database,
  job: string,
  { after, limit = 500 }: { after?: number; limit?: number } = {},
): Promise<LogLine[]> {
  const newestFirst = after === undefined
  const { rows } = await pool.query<{ id: number; at: Date; level: LogLevel; text: string }>(
    `SELECT id::float8 AS id, at, level, text FROM job_log WHERE job_id = $1 AND id > $2
     ORDER BY id ${newestFirst ? 'DESC' : 'ASC'} LIMIT $3`,
    [job, after ?? 0, limit],
  )
  const lines = rows.map(({ at, ...line }) => ({ ...line, at: at.toISOString() }))
  return newestFirst ? lines.reverse() : lines
}

/** Of a job with thousands of parts, a line this often for each process that takes part. */
const LINE_MS = 10_000

interface PartOfJob {
  id: string
  unit: string
  idx: number
  parts: number
  /** Units of work that it still had to do when it began. */
  work: number
}

/** Tells of parts as one process does them: each when they are long, some when they are short and many. */
export class PartJournal {
  private readonly told = new Map<string, { at: number; untold: number }>()

  constructor(
    private readonly database: Database,
    private readonly worker: string,
    private readonly now = () => performance.now(),
  ) {}

  async begun(part: PartOfJob): Promise<void> {
    if (!this.isDue(part.id)) return
    await this.tell(part.id, `part ${part.idx + 1} of ${part.parts} begun by ${this.worker}`)
  }

  async ended(part: PartOfJob, seconds: number): Promise<void> {
    const known = this.told.get(part.id)
    if (!this.isDue(part.id)) {
      if (known) known.untold += 1
      return
    }
    const rate = `${count(part.work)} ${part.unit} in ${seconds.toFixed(1)} s (${count(part.work / seconds)} a second)`
    const others = known?.untold ? `, and ${known.untold} since the line before` : ''
    await this.tell(part.id, `part ${part.idx + 1} of ${part.parts} done by ${this.worker}: ${rate}${others}`)
  }

  forget(job: string): void {
    this.told.delete(job)
  }

  private isDue(job: string): boolean {
    const known = this.told.get(job)
    return !known || this.now() - known.at >= LINE_MS
  }

  private async tell(job: string, text: string): Promise<void> {
    this.told.set(job, { at: this.now(), untold: 0 })
    await logJob(this.database, job, 'info', text)
  }
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
