/** Computes the best matches between the features of two dictionaries once, and stores them. */
import { bestMatches, type BestMatches } from '../../trainer/evaluate/matches'
import { currentBackend } from '../../trainer/tensors/backend'
import { requireComparable, storeComparison, storedComparison } from '../comparisons/rows'
import type { Matches } from '../evaluations/kinds'
import type { CompareAnswer, CompareRequest } from './protocol'
import type { Resources } from './resources'

/** Digits after these are rounding noise of the matrix product. */
const DIGITS = 6

export async function compareDictionaries(
  resources: Resources,
  request: CompareRequest,
  { engine, signal }: { engine: string; signal: AbortSignal },
): Promise<CompareAnswer> {
  const { database } = resources
  const pair = await requireComparable(database, request)
  // Another request may have computed the pair while this one waited.
  const stored = await storedComparison(database, pair)
  if (stored) return { engine: stored.engine }
  using a = await resources.dictionary(pair.a)
  using b = await resources.dictionary(pair.b)
  const { ofA, ofB } = await bestMatches(a.value.tensors['W_dec']!, b.value.tensors['W_dec']!, { signal })
  const { device } = currentBackend()
  await storeComparison(database, pair, { ofA: plain(ofA), ofB: plain(ofB), engine, device })
  return { engine }
}

function plain({ latent, cosine }: BestMatches): Matches {
  return { feature: [...latent], cosine: Array.from(cosine, (value) => Number(value.toFixed(DIGITS))) }
}
