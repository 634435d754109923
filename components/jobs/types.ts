import type { z } from 'zod'
import type { JobDetail as Detail, JobSummary as Summary, LogLine as Line } from '../../lib/jobs/schema'

export type JobSummary = z.output<typeof Summary>
export type JobDetail = z.output<typeof Detail>
export type LogLine = z.output<typeof Line>

export const isUnfinished = (status: string): boolean => status === 'pending' || status === 'running'
export const isRetriable = (status: string): boolean => status === 'failed' || status === 'cancelled'
