/** Every kind of job, listed once. */
import type { JobKind } from './jobs/kind'
import { dashboardsKind } from './features/job'
import { evaluateKind } from './evaluations/job'
import { exportKind } from './exports/job'
import { harvestKind } from './harvests/job'
import { suiteKind } from './evaluations/suiteJob'
import { trainKind } from './runs/job/train'

export const JOB_KINDS: readonly JobKind[] = [
  harvestKind,
  trainKind,
  dashboardsKind,
  evaluateKind,
  suiteKind,
  exportKind,
]
