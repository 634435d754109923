/** Figures along a run, as they come in. */
import type { RunPoint } from './types'

/** What a chart can show; more are thinned. */
export const MOST_POINTS = 4000

/** Newer points take the place of older ones of the same step. */
export function mergePoints(
  known: readonly RunPoint[],
  more: readonly RunPoint[],
  most = MOST_POINTS,
): readonly RunPoint[] {
  const first = more[0]
  if (!first) return known
  const bySteps = new Map(known.map((point) => [point.step, point]))
  for (const point of more) bySteps.set(point.step, point)
  return thinned(
    [...bySteps.values()].sort((a, b) => a.step - b.step),
    most,
  )
}

/** Every n-th point, counted from the newest; held-out figures are few and stay. */
export function thinned(points: readonly RunPoint[], most: number): readonly RunPoint[] {
  if (points.length <= most) return points
  const every = Math.ceil((2 * points.length) / most)
  return points.filter(({ metrics }, at) => (points.length - 1 - at) % every === 0 || metrics.heldOut !== undefined)
}
