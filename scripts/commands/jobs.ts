import { z } from 'zod'
import { cancelJob } from '../../lib/jobs/endings'
import { unknownName } from '../../trainer/errors'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'

const LISTED = 20

export const jobs = defineCommand({
  options: z.strictObject({}),
  async run(_input, context) {
    const { prisma } = await context.database()
    const rows = await prisma.job.findMany({ orderBy: { createdAt: 'desc' }, take: LISTED, include: { parts: true } })
    return {
      jobs: rows.map(({ id, kind, status, total, unit, parts, error, createdAt }) => ({
        id,
        kind,
        status,
        done: parts.reduce((sum, part) => sum + part.done, 0),
        total,
        unit,
        error,
        createdAt,
      })),
    }
  },
  render: ({ jobs: rows }) =>
    formatTable(
      ['job', 'kind', 'state', 'progress', 'started'],
      rows.map((job) => [
        job.id,
        job.kind,
        job.status,
        `${job.done}/${job.total} ${job.unit}`,
        job.createdAt.toISOString().slice(0, 19).replace('T', ' '),
      ]),
    ),
})

export const jobsCancel = defineCommand({
  arguments: { job: 'id of the job' },
  options: z.strictObject({}),
  async run({ arguments: [id = ''] }, context) {
    const database = await context.database()
    const known = await database.prisma.job.findMany({ select: { id: true }, orderBy: { createdAt: 'desc' } })
    const ids = known.map((job) => job.id)
    if (!ids.includes(id)) throw unknownName('job', id, ids)
    await cancelJob(database, id)
    return { cancelled: id }
  },
})
