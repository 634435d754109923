/** How long runs will take, by what runs like them took here. */
import type { Database } from '../db/connect'
import { runSummaries } from '../runs/view'

interface Sized {
  architecture: string
  d_in: number
  d_sae: number
  tokens: number
}

/** Older runs may have had another machine. */
const LOOKED_AT = 100

/**
 * Seconds for each run on one worker: the speed of the most alike finished run of this width of activations, the same
 * architecture before others, taken to fall as d_sae grows; null when there is none.
 */
export async function estimateSeconds(database: Database, runs: readonly Sized[]): Promise<(number | null)[]> {
  const finished = (await runSummaries(database, { limit: LOOKED_AT })).flatMap(
    ({ status, architecture, config, tokensPerSecond }) => {
      const { d_in, d_sae } = config as unknown as Sized
      return status === 'finished' && tokensPerSecond ? [{ architecture, d_in, d_sae, tokensPerSecond }] : []
    },
  )
  return runs.map(({ architecture, d_in, d_sae, tokens }) => {
    const distance = (known: (typeof finished)[number]) =>
      Math.abs(Math.log(known.d_sae / d_sae)) + (known.architecture === architecture ? 0 : 10)
    const [nearest] = finished.filter((known) => known.d_in === d_in).sort((a, b) => distance(a) - distance(b))
    return nearest ? (tokens / nearest.tokensPerSecond) * (d_sae / nearest.d_sae) : null
  })
}
