/** Answers about jobs, for routes and for the first view of a page alike. */
import type { z } from 'zod'
import type { Database } from '../../db/connect'
import { liveWorkers } from '../../jobs/lease'
import { partStretches } from '../../jobs/parts'
import { jobDetail, jobSummaries } from '../../jobs/summaries'
import { JobAnswer, JobList } from '../schemas/jobs'

export async function listJobs(
  database: Database,
  page: { limit: number; after?: string | undefined },
): Promise<z.output<typeof JobList>> {
  const workers = await liveWorkers(database.pool)
  return JobList.parse({ ...(await jobSummaries(database, page)), workers })
}

export async function showJob(database: Database, id: string): Promise<z.output<typeof JobAnswer>> {
  const workers = await liveWorkers(database.pool)
  const [job, stretches] = await Promise.all([jobDetail(database, id), partStretches(database, id)])
  return JobAnswer.parse({ job: { ...job, stretches }, workers })
}
