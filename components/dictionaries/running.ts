/** Jobs that are not over, on the server. */
import { jobSummaries, type JobSummary } from '../../lib/jobs/view'
import { webDatabase } from '../../lib/web/resources'

export interface RunningJob {
  id: string
  kind: string
  /** What it makes or works on. */
  about: string
  dictionary: string | null
}

const isOpen = ({ status }: JobSummary) => status === 'pending' || status === 'running'

/** Among the newest jobs. */
export async function runningJobs(): Promise<RunningJob[]> {
  const { jobs } = await jobSummaries(webDatabase(), { limit: 50 })
  return jobs.filter(isOpen).map(({ id, kind, about }) => ({
    id,
    kind,
    about: (about.run ?? about.dictionary ?? about.harvest)?.name ?? '',
    dictionary: about.dictionary?.id ?? null,
  }))
}

/** The job of a kind that works on a dictionary. */
export function jobOn(jobs: readonly RunningJob[], dictionary: string, kind: string): string | undefined {
  return jobs.find((job) => job.dictionary === dictionary && job.kind === kind)?.id
}
