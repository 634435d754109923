import type { z } from 'zod'
import type {
  SweepAnswer as Answer,
  SweepDetail as Detail,
  SweepList as List,
  SweepPlan as Plan,
  SweepRun as Run,
  SweepSummary as Summary,
} from '../../lib/sweeps/schema'

export type SweepSummary = z.output<typeof Summary>
export type SweepDetail = z.output<typeof Detail>
export type SweepRun = z.output<typeof Run>
export type SweepList = z.output<typeof List>
export type SweepAnswer = z.output<typeof Answer>
export type SweepPlan = z.output<typeof Plan>

/** Runs that still wait or work. */
export const unfinishedRuns = ({ runs }: SweepSummary): number => runs.pending + runs.running
