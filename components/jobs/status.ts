/** What can be done with a job, by its state. */
import type { JobSummary } from '../../lib/jobs/schema'

export const isUnfinished = (status: string): boolean => status === 'pending' || status === 'running'
export const isRetriable = (status: string): boolean => status === 'failed' || status === 'cancelled'

/** A job that was queued for other code can be queued again, for the code of this version. */
export const canRetry = ({ status, waitsForSameCode }: Pick<JobSummary, 'status' | 'waitsForSameCode'>): boolean =>
  isRetriable(status) || waitsForSameCode
