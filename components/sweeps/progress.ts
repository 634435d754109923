import type { SweepSummary } from '../../lib/sweeps/schema'

/** The number of runs that wait or are being trained. */
export const unfinishedRuns = ({ runs }: Pick<SweepSummary, 'runs'>): number => runs.pending + runs.running
