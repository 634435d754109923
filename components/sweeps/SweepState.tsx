import type { SweepSummary } from '../../lib/sweeps/schema'
import { Badge } from '../ui/Badge'
import { unfinishedRuns } from './progress'

/** The state of a sweep, in words. */
export function SweepState({ sweep }: { sweep: SweepSummary }) {
  const { runs, steps } = sweep
  const failed = runs.failed > 0 && <Badge tone="danger">{runs.failed} failed</Badge>
  const cancelled = runs.cancelled > 0 && <Badge>{runs.cancelled} cancelled</Badge>
  const state =
    unfinishedRuns(sweep) > 0 ? (
      // Runs count as running once they are planned, which happens early for all of them.
      <Badge tone={steps.done > 0 ? 'accent' : 'neutral'}>{steps.done > 0 ? 'running' : 'waiting'}</Badge>
    ) : (
      runs.finished === runs.all && <Badge>finished</Badge>
    )
  return (
    <span className="flex gap-1">
      {state}
      {failed}
      {cancelled}
    </span>
  )
}
