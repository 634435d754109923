/** Steering with stored dictionaries. */
import { listFeatures, readFeatures } from '../trainer/dashboards/table'
import { LoupeError } from '../trainer/errors'
import type { LoadedModel } from '../trainer/model/types'
import type { Dictionary } from '../trainer/sae/dictionary'
import type { ResolveDictionary } from '../trainer/steering/edits'
import { parseIntervention } from '../trainer/steering/intervention'
import { steer as steerWith, type Branch, type SteeredAnswer } from '../trainer/steering/steer'
import type { Database } from './db/client'
import { openDictionary, requireDictionary, requireTied, type DictionaryRow } from './dictionaries'
import type { Model } from './models'

/** Opens each dictionary of the model once; refuses those of another model. */
export function dictionaryResolver(database: Database, model: Model): ResolveDictionary {
  const opened = new Map<string, Promise<{ dictionary: Dictionary; hook: string }>>()
  return (name) => {
    const known = opened.get(name) ?? open(database, model, name)
    opened.set(name, known)
    return known
  }
}

async function open(database: Database, model: Model, name: string) {
  const row = await requireDictionary(database, name)
  const { modelId, hook } = requireTied(row)
  if (modelId !== model.id) {
    throw new LoupeError('mismatch', `the dictionary ${name} belongs to another model than ${model.name}`, {
      remedy: 'steer the model it was trained on',
    })
  }
  return { dictionary: await openDictionary(database, row), hook }
}

/** Checks an intervention and generates the default and the steered answer. */
export function steer(
  database: Database,
  { row, loaded }: { row: Model; loaded: LoadedModel },
  input: unknown,
  source: string,
  signal: AbortSignal,
): Promise<Record<Branch, SteeredAnswer>> {
  return steerWith(loaded, dictionaryResolver(database, row), parseIntervention(input, source), signal)
}

export interface PickedFeature {
  index: number
  maxActivation: number
  /** Ids of the tokens it promotes most, strongest first. */
  promotes: number[]
}

/** Shares of tokens between which a feature is neither a rarity nor everywhere. */
const USUAL_DENSITY = { from: 0.0005, to: 0.02 }
const CANDIDATES = 200

/** The feature whose strongest promoted token stands out most, among those of usual density: a good first look. */
export async function pickFeature({ pool }: Database, dictionary: DictionaryRow): Promise<PickedFeature> {
  const features = await listFeatures(pool, dictionary.id)
  const usual = features.filter(({ density }) => density >= USUAL_DENSITY.from && density <= USUAL_DENSITY.to)
  const candidates = (usual.length > 0 ? usual : features).sort((a, b) => b.density - a.density).slice(0, CANDIDATES)
  if (candidates.length === 0) {
    throw new LoupeError('not-found', `there are no statistics of ${dictionary.name}`, {
      remedy: `compute them with: loupe dashboards --dictionary ${dictionary.name}`,
    })
  }
  const statistics = await readFeatures(
    pool,
    dictionary.id,
    candidates.map(({ index }) => index),
  )
  const strength = (at: number) => statistics[at]!.logits.top[0]?.logit ?? -Infinity
  const best = candidates.map((_, at) => at).reduce((a, b) => (strength(b) > strength(a) ? b : a))
  const { index, maxActivation } = candidates[best]!
  return { index, maxActivation, promotes: statistics[best]!.logits.top.map(({ token }) => token) }
}
