import { Badge } from '../ui/Badge'
import { unfinishedRuns, type SweepSummary } from './types'

/** How far a sweep is, in words. */
export function SweepState({ sweep }: { sweep: SweepSummary }) {
  const { runs } = sweep
  const failed = runs.failed > 0 && <Badge tone="danger">{runs.failed} failed</Badge>
  const cancelled = runs.cancelled > 0 && <Badge>{runs.cancelled} cancelled</Badge>
  const state =
    runs.running > 0 ? (
      <Badge tone="accent">{runs.running} begun</Badge>
    ) : unfinishedRuns(sweep) > 0 ? (
      <Badge>waiting</Badge>
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
