/** Figures along a run, merged as they arrive. */
import type { RunPoint } from '../../lib/runs/schema'

/** A chart can show this many; more are thinned. */
export const MOST_POINTS = 4000

/** Newer points replace older ones of the same step. */
export function mergePoints(
  known: readonly RunPoint[],
  more: readonly RunPoint[],
  limit = MOST_POINTS,
): readonly RunPoint[] {
  const first = more[0]
  if (!first) return known
  const bySteps = new Map(known.map((point) => [point.step, point]))
  for (const point of more) bySteps.set(point.step, point)
  return thinned(
    [...bySteps.values()].sort((a, b) => a.step - b.step),
    limit,
  )
}

/** Every n-th point, counted from the newest. Held-out figures are few and stay. */
export function thinned(points: readonly RunPoint[], limit: number): readonly RunPoint[] {
  if (points.length <= limit) return points
  const every = Math.ceil((2 * points.length) / limit)
  return points.filter(({ metrics }, at) => (points.length - 1 - at) % every === 0 || metrics.heldOut !== undefined)
}
