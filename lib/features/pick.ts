/** Picks a good first feature to look at and to steer with. */
import { listFeatures, readFeatures } from '../../trainer/dashboards/table'
import type { TopToken } from '../../trainer/dashboards/types'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { noStatistics } from './rows'

export interface PickedFeature {
  index: number
  maxActivation: number
  /** Ids of the tokens it fires on most strongly. */
  firesOn: number[]
  /** Ids of the tokens it promotes most. */
  promotes: number[]
}

/** Shares of tokens between which a feature is neither rare nor everywhere. */
const USUAL_DENSITY = { from: 0.0005, to: 0.02 }
/** Strongest tokens that are scored. A token counts when it occurs often enough to judge, and less often than "of". */
const STRONGEST = 8
const OCCURRENCES = { from: 5, to: 300 }

/** Among the features of usual density, the one that fires most strongly and most reliably on several words. */
export async function pickFeature({ pool }: Database, dictionary: DictionaryRow): Promise<PickedFeature> {
  const features = await listFeatures(pool, dictionary.id)
  const usual = features.filter(({ density }) => density >= USUAL_DENSITY.from && density <= USUAL_DENSITY.to)
  const candidates = usual.length > 0 ? usual : features
  if (candidates.length === 0) throw noStatistics(dictionary, 'there are no statistics')
  const indices = candidates.map(({ index }) => index)
  const statistics = await readFeatures(pool, dictionary.id, indices)
  const scores = statistics.map(({ topTokens }) => reliability(topTokens))
  const best = scores.indexOf(Math.max(...scores))
  const { topTokens, logits } = statistics[best]!
  return {
    index: indices[best]!,
    maxActivation: candidates[best]!.maxActivation,
    firesOn: topTokens.map(({ token }) => token),
    promotes: logits.top.map(({ token }) => token),
  }
}

/** Mean over its strongest tokens of activation × share of the token's occurrences on which it fires. */
function reliability(topTokens: readonly TopToken[]): number {
  const scored = topTokens
    .slice(0, STRONGEST)
    .filter(({ occurrences }) => occurrences >= OCCURRENCES.from && occurrences <= OCCURRENCES.to)
  return scored.reduce((sum, { fires, occurrences, mean }) => sum + (fires / occurrences) * mean, 0) / STRONGEST
}
