/** How long runs will take, from the time of similar earlier runs here. */
import type { Database } from '../db/connect'
import { newestRuns, recentSpeeds } from '../runs/rows'

interface RunSize {
  architecture: string
  d_in: number
  d_sae: number
  tokens: number
}

/** Older runs may be from another machine. */
const RUNS_READ = 100

/**
 * Seconds for each run on one worker; null without a finished run of this width of activations. The speed is that of the
 * most similar run (the same architecture first, then the nearest d_sae), and falls in proportion to d_sae.
 */
export async function estimateSeconds(database: Database, runs: readonly RunSize[]): Promise<(number | null)[]> {
  const finished = (await newestRuns(database, RUNS_READ)).filter(({ status }) => status === 'finished')
  const speeds = await recentSpeeds(
    database,
    finished.map(({ id }) => id),
  )
  const known = finished.flatMap(({ id, architecture, config: { d_in, d_sae } }) => {
    const tokensPerSecond = speeds.get(id)
    return tokensPerSecond ? [{ architecture, d_in, d_sae, tokensPerSecond }] : []
  })
  return runs.map(({ architecture, d_in, d_sae, tokens }) => {
    const distance = (run: (typeof known)[number]) =>
      Math.abs(Math.log(run.d_sae / d_sae)) + (run.architecture === architecture ? 0 : 10)
    const [nearest] = known.filter((run) => run.d_in === d_in).sort((a, b) => distance(a) - distance(b))
    return nearest ? (tokens / nearest.tokensPerSecond) * (d_sae / nearest.d_sae) : null
  })
}
