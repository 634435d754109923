/** Steering with stored dictionaries. */
import { listFeatures, readFeatures } from '../../trainer/dashboards/table'
import type { TopToken } from '../../trainer/dashboards/types'
import { LoupeError } from '../../trainer/errors'
import type { LoadedModel } from '../../trainer/model/types'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { ResolveDictionary } from '../../trainer/steering/edits'
import type { SteeringEnd } from '../../trainer/steering/events'
import { parseIntervention } from '../../trainer/steering/intervention'
import { steer as steerWith } from '../../trainer/steering/steer'
import type { Database } from '../db/client'
import { requireDictionary, requireAttached, type DictionaryRow } from '../dictionaries/rows'
import { openDictionary } from '../dictionaries/weights'
import type { Model } from '../models/rows'

/**
 * Opens each dictionary of the model once; refuses those of another model.
 * @param openRow by default the caller's own copy, which lives as long as the process
 */
export function dictionaryResolver(
  database: Database,
  model: Model,
  openRow: (row: DictionaryRow) => Promise<Dictionary> = (row) => openDictionary(database, row),
): ResolveDictionary {
  const opened = new Map<string, ReturnType<ResolveDictionary>>()
  const open = async (name: string) => {
    const row = await requireDictionary(database, name)
    const hook = requireOfModel(row, model)
    return { dictionary: await openRow(row), hook }
  }
  return (name) => {
    const known = opened.get(name) ?? open(name)
    opened.set(name, known)
    return known
  }
}

/** @returns the dictionary's hook */
export function requireOfModel(row: DictionaryRow, model: Model): string {
  const { modelId, hook } = requireAttached(row)
  if (modelId === model.id) return hook
  throw new LoupeError('mismatch', `the dictionary ${row.name} belongs to another model than ${model.name}`, {
    remedy: 'take a dictionary of this model',
  })
}

/** Checks an intervention and generates its answers: the default, then the steered ones. */
export function steer(
  database: Database,
  { row, loaded }: { row: Model; loaded: LoadedModel },
  input: unknown,
  source: string,
  signal: AbortSignal,
): Promise<SteeringEnd> {
  return steerWith(loaded, dictionaryResolver(database, row), parseIntervention(input, source), { signal })
}

export interface PickedFeature {
  index: number
  maxActivation: number
  /** Ids of the tokens it fires on most strongly. */
  firesOn: number[]
  /** Ids of the tokens it promotes most. */
  promotes: number[]
}

/** Shares of tokens between which a feature is neither a rarity nor everywhere. */
const USUAL_DENSITY = { from: 0.0005, to: 0.02 }
/** Strongest tokens that are looked at. Each counts when it occurs often enough to tell, and is no "of". */
const STRONGEST = 8
const OCCURRENCES = { from: 5, to: 300 }

/**
 * A good first feature to look at and to steer with: among those of usual density, the one that fires most strongly
 * and most reliably on several words.
 */
export async function pickFeature({ pool }: Database, dictionary: DictionaryRow): Promise<PickedFeature> {
  const features = await listFeatures(pool, dictionary.id)
  const usual = features.filter(({ density }) => density >= USUAL_DENSITY.from && density <= USUAL_DENSITY.to)
  const candidates = usual.length > 0 ? usual : features
  if (candidates.length === 0) {
    throw new LoupeError('not-found', `there are no statistics of ${dictionary.name}`, {
      remedy: `compute them with: loupe dashboards --dictionary ${dictionary.name}`,
    })
  }
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
  const strongest = topTokens.slice(0, STRONGEST)
  const telling = strongest.filter(
    ({ occurrences }) => occurrences >= OCCURRENCES.from && occurrences <= OCCURRENCES.to,
  )
  return telling.reduce((sum, { fires, occurrences, mean }) => sum + (fires / occurrences) * mean, 0) / STRONGEST
}
