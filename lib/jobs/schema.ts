/** What a job is: its kind as the queue knows it, and its state as pages and API show it. */
import { z } from 'zod'
import { Named, Status, timestamp } from '../base/fields'

/**
 * One kind of job as the queue knows it: enough to check a job, queue it, cancel it and retry it, without the code that
 * computes it. A domain declares it in its `schema.ts`; its `job.ts` adds the work (`JobKind`).
 */
export interface JobDescription<Spec = unknown> {
  name: string
  /** Unit of progress, for people. */
  unit: string
  /** The file that computes it, relative to the project's root. The hash of what it reaches identifies the code. */
  source: string
  /** What the job is asked to do. */
  schema: z.ZodType<Spec>
  /** The row that people look at, whose status follows the job's. */
  subject?: JobSubject
}

export interface JobSubject {
  table: string
  /** Field of the spec that identifies the row. */
  key: string
  /** Column that this field names. */
  column: string
  /** Whether the row has a column for the error. */
  keepsError?: boolean
  /** Table that gets a row of the same name when the job finishes: a retry checks that the name is still free. */
  makes?: string
}

export const StoredError = z.strictObject({
  code: z.string().describe('Kind of error'),
  message: z.string().describe('What happened'),
  remedy: z.string().nullable().describe('What to do about it'),
})
export type StoredError = z.output<typeof StoredError>

/** What a job, or a part of one, returned. */
export const StoredResult = z.record(z.string(), z.unknown())
export type StoredResult = z.output<typeof StoredResult>

const hasLiveWorker = z.boolean().describe('Whether a live worker computes a part of it')

export const JobReference = z
  .strictObject({ id: z.string().describe('Id of the job'), status: Status, hasLiveWorker })
  .describe('The newest job that works or worked on it')
export type JobReference = z.output<typeof JobReference>

export const workers = z.int().describe('Number of live workers; with 0, jobs wait')

export const JobSummary = z.strictObject({
  id: z.string().describe('Id'),
  kind: z.string().describe('Kind of job, e.g. harvest or train'),
  status: Status,
  done: z.number().describe('Work done, in "unit"'),
  total: z.number().describe('All work, in "unit"; 0 until the job is planned'),
  unit: z.string().describe('tokens or features'),
  parts: z.strictObject({ done: z.int().describe('Finished parts'), total: z.int().describe('All parts') }),
  about: z
    .strictObject({ dictionary: Named.optional(), harvest: Named.optional(), run: Named.optional() })
    .describe('What it works on'),
  engine: z.string().nullable().describe('Library, device, instruction sets and threads of the worker that planned it'),
  sourceHash: z
    .string()
    .nullable()
    .describe('Hash of the code that the job was queued for; null: the first worker to take the job sets it'),
  hasLiveWorker,
  waitsForSameCode: z
    .boolean()
    .describe(
      'Whether workers are running, but none with the code that the job was queued for; a retry queues it again',
    ),
  rate: z
    .number()
    .nullable()
    .describe('Units per second: over the last seconds while a client follows the job, otherwise since the start'),
  secondsLeft: z.number().nullable().describe('Estimated seconds left; null without a live worker'),
  error: StoredError.nullable().describe('Why it failed'),
  createdAt: timestamp('When it was queued'),
  startedAt: timestamp('When a worker first took it').nullable(),
  finishedAt: timestamp('When it finished, failed or was cancelled').nullable(),
})
export type JobSummary = z.output<typeof JobSummary>

/** Consecutive parts in one state. */
export const PartInterval = z.strictObject({
  status: Status,
  parts: z.int().describe('Consecutive parts in this state'),
})
export type PartInterval = z.output<typeof PartInterval>

export const PartWorker = z.strictObject({
  id: z.string().describe('Id of the worker'),
  host: z.string().describe('Machine'),
  pid: z.int().describe('Process'),
  engine: z.string().describe('Library, device, instruction sets and threads'),
  part: z.int().describe('Part that it computes, from 0'),
})

export const JobDetail = z.strictObject({
  ...JobSummary.shape,
  spec: z.record(z.string(), z.unknown()).describe('What the job is asked to do'),
  result: StoredResult.nullable().describe('What the job returned; null until it finishes'),
  workers: z.array(PartWorker).describe('Workers that compute a part of it now'),
  intervals: z.array(PartInterval).describe('States of all parts in order; equal neighbours are merged'),
})
export type JobDetail = z.output<typeof JobDetail>

export const LogLine = z.strictObject({
  id: z.number().describe('Ascending, in the order of writing'),
  at: timestamp('When it happened'),
  level: z.enum(['info', 'warning', 'error']).describe('How serious it is'),
  text: z.string().describe('What happened'),
})
export type LogLine = z.output<typeof LogLine>

export const JobList = z.strictObject({
  jobs: z.array(JobSummary).describe('Newest first'),
  next: z.string().nullable().describe('Value of "after" for the next page; null on the last page'),
  workers,
})
export type JobList = z.output<typeof JobList>

export const JobAnswer = z.strictObject({ job: JobDetail, workers })
export type JobAnswer = z.output<typeof JobAnswer>
