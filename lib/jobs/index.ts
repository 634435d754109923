/** Every kind of job, listed once. */
import type { JobKind } from './kind'
import { dashboardsKind } from './kinds/dashboards'
import { evaluateKind } from './kinds/evaluate'
import { exportKind } from './kinds/export'
import { harvestKind } from './kinds/harvest'
import { suiteKind } from './kinds/suite'
import { trainKind } from './kinds/train'

export const JOB_KINDS: readonly JobKind[] = [
  harvestKind,
  trainKind,
  dashboardsKind,
  evaluateKind,
  suiteKind,
  exportKind,
]
