/** What the API says of jobs. */
import { z } from 'zod'
import { timestamp, Named, Status, workers } from '../base/fields'

export const JobSummary = z.strictObject({
  id: z.string().describe('Id'),
  kind: z.string().describe('harvest, train, dashboards, evaluate or export'),
  status: Status,
  done: z.number().describe('Work done, in "unit"'),
  total: z.number().describe('Work in all, in "unit"; 0 until the job is planned'),
  unit: z.string().describe('tokens or features'),
  parts: z.strictObject({ done: z.int().describe('Finished parts'), total: z.int().describe('Parts in all') }),
  about: z
    .strictObject({ dictionary: Named.optional(), harvest: Named.optional(), run: Named.optional() })
    .describe('What it works on'),
  engine: z.string().nullable().describe('Library, device, instruction sets and threads of the worker that planned it'),
  hasLiveWorker: z.boolean().describe('Whether a live worker has a part of it in hand'),
  rate: z
    .number()
    .nullable()
    .describe('Units a second, over the last seconds while it is watched, else since the start'),
  secondsLeft: z.number().nullable().describe('While it is worked on'),
  error: z
    .strictObject({
      code: z.string().describe('Kind of error'),
      message: z.string().describe('What happened'),
      remedy: z.string().nullable().describe('What to do about it'),
    })
    .nullable()
    .describe('Why it failed'),
  createdAt: timestamp('When it was asked for'),
  startedAt: timestamp('When a worker first took it').nullable(),
  finishedAt: timestamp('When it ended').nullable(),
})

export const JobDetail = z.strictObject({
  ...JobSummary.shape,
  spec: z.record(z.string(), z.unknown()).describe('What was asked for'),
  result: z.unknown().describe('What came of it'),
  workers: z.array(
    z.strictObject({
      id: z.string().describe('Id of the worker'),
      host: z.string().describe('Machine'),
      pid: z.int().describe('Process'),
      engine: z.string().describe('Library, device, instruction sets and threads'),
      part: z.int().describe('Part in hand, from 0'),
    }),
  ),
  intervals: z
    .array(z.strictObject({ status: Status, parts: z.int().describe('Parts in this state in a row') }))
    .describe('States of all parts in their order, equal neighbours together'),
})

export const LogLine = z.strictObject({
  id: z.number().describe('Ascending'),
  at: timestamp('When'),
  level: z.enum(['info', 'warning', 'error']).describe('How serious'),
  text: z.string().describe('What happened'),
})

export const JobList = z.strictObject({
  jobs: z.array(JobSummary).describe('Newest first'),
  next: z.string().nullable().describe('Give it as "after" for the next page; null on the last one'),
  workers,
})
export const JobAnswer = z.strictObject({ job: JobDetail, workers })
