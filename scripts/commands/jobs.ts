/** `loupe jobs`: the queue. Its work is loaded when it runs. */
import { z } from 'zod'
import type { JobSummary } from '../../lib/jobs/schema'
import { unknownName } from '../../trainer/errors'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'

const LISTED = 20

export const jobs = defineCommand({
  options: z.strictObject({}),
  async run(_input, context) {
    const { jobSummaries } = await import('../../lib/jobs/view')
    const { jobs: newest } = await jobSummaries(await context.database(), { limit: LISTED })
    return { jobs: newest }
  },
  render: ({ jobs: newest }) =>
    formatTable(
      ['job', 'kind', 'state', 'progress', 'queued'],
      newest.map((job) => [
        job.id,
        job.kind,
        stateOf(job),
        `${job.done}/${job.total} ${job.unit}`,
        job.createdAt.slice(0, 19).replace('T', ' '),
      ]),
    ),
})

function stateOf({ status, waitsForSameCode }: JobSummary): string {
  return waitsForSameCode ? `${status}, waits for a worker with the same code` : status
}

/** A command that changes one job. */
const action = (done: 'cancelled' | 'retried') =>
  defineCommand({
    arguments: { job: 'id of the job' },
    options: z.strictObject({}),
    async run({ arguments: [id = ''] }, context) {
      const database = await context.database()
      const known = await database.prisma.job.findMany({ select: { id: true }, orderBy: { createdAt: 'desc' } })
      const ids = known.map((job) => job.id)
      if (!ids.includes(id)) throw unknownName('job', id, ids)
      const [{ cancelJob, retryJob }, { JOB_KINDS }] = await Promise.all([
        import('../../lib/jobs/endings'),
        import('../../lib/jobKinds'),
      ])
      await (done === 'cancelled' ? cancelJob : retryJob)(database, id, JOB_KINDS)
      return { [done]: id }
    },
  })

export const jobsCancel = action('cancelled')
export const jobsRetry = action('retried')
