/** Every kind of job, listed once. Light: workers load the code that computes a kind from the file that it names. */
import { evaluateJob, suiteJob } from './evaluations/schema'
import { exportJob } from './exports/schema'
import { statisticsJob } from './features/schema'
import { harvestJob } from './harvests/schema'
import type { JobDescription } from './jobs/schema'
import { trainJob } from './runs/schema'

export const JOB_KINDS: readonly JobDescription[] = [
  harvestJob,
  trainJob,
  statisticsJob,
  evaluateJob,
  suiteJob,
  exportJob,
]
