/** Jobs: long work in the queue. */
import { z } from 'zod'
import { JOB_KINDS } from '../../jobKinds'
import { cancelJob, retryJob } from '../../jobs/endings'
import { readJobLog } from '../../jobs/log'
import { jobSummary, listJobs, showJob } from '../../jobs/view'
import { defineRoute } from '../route'
import { JobAnswer, JobList, LogLine } from '../../jobs/schema'
import { IdParams, Status } from '../../base/fields'

const tag = 'jobs'
const JobParams = IdParams('job')

const list = defineRoute({
  method: 'GET',
  path: '/jobs',
  summary: 'List jobs, page by page',
  tag,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most jobs to give'),
    after: z.string().max(300).optional().describe('"next" of the page before'),
  }),
  response: JobList,
  example: () => ({ query: { limit: 5 } }),
  handler: ({ query }, { database }) => listJobs(database, query),
})

const one = defineRoute({
  method: 'GET',
  path: '/jobs/{id}',
  summary: 'One job: progress, speed, parts, who works on it, its result',
  tag,
  params: JobParams,
  response: JobAnswer,
  handler: ({ params: { id } }, { database }) => showJob(database, id),
})

const log = defineRoute({
  method: 'GET',
  path: '/jobs/{id}/log',
  summary: 'Lines of a job’s log',
  description: 'Without "after" the newest lines; with it, the lines written since, to follow a job.',
  tag,
  params: JobParams,
  query: z.strictObject({
    after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().describe('Id of the last line seen'),
    limit: z.coerce.number().int().min(1).max(1000).default(500).describe('Most lines to give'),
  }),
  response: z.strictObject({ lines: z.array(LogLine).describe('Oldest first') }),
  async handler({ params: { id }, query: { after, limit } }, { database }) {
    const lines = await readJobLog(database, id, { limit, ...(after !== undefined && { after }) })
    // Tells a job without lines from none.
    if (lines.length === 0) await jobSummary(database, id)
    return { lines }
  },
})

const Ended = z.strictObject({ id: z.string().describe('Id of the job'), status: Status })

const action = (name: string, words: { summary: string; description: string }, act: typeof cancelJob) =>
  defineRoute({
    ...words,
    method: 'POST',
    path: `/jobs/{id}/${name}`,
    tag,
    params: JobParams,
    response: Ended,
    async handler({ params: { id } }, { database }) {
      await jobSummary(database, id)
      await act(database, id, JOB_KINDS)
      return { id, status: (await jobSummary(database, id)).status }
    },
  })

const cancel = action(
  'cancel',
  {
    summary: 'Cancel a job',
    description:
      'A worker that is busy with it stops at its next check. What is stored stays; a job that has ended is left as it is.',
  },
  cancelJob,
)

const retry = action(
  'retry',
  {
    summary: 'Put a failed or cancelled job back into the queue',
    description:
      'The job continues where it stopped: finished parts stay finished, and a run continues from its newest checkpoint.',
  },
  retryJob,
)

export const jobRoutes = [list, one, log, cancel, retry]
