'use client'

import type { RunPoint } from '../../lib/runs/schema'
import { api, ok } from '../api'
import { useFollowed } from '../useFollowed'
import { mergePoints } from './points'

const POLL_MS = 700

/** Figures along a run, followed while it is live. @param initial what the page holds */
export function useRunPoints(run: string, isLive: boolean, initial: readonly RunPoint[]) {
  const { known, problem } = useFollowed(run, initial, morePoints, { isLive, everyMs: POLL_MS })
  return { points: known, problem }
}

async function morePoints(id: string, known: readonly RunPoint[], signal: AbortSignal) {
  // From the last step seen, not after it: held-out figures may be added to it later.
  const query = { from: known.at(-1)?.step ?? 0 }
  const { points } = await ok(api.GET('/api/v1/runs/{id}/metrics', { params: { path: { id }, query }, signal }))
  return mergePoints(known, points)
}
