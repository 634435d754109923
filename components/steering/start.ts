/** What the page begins with, by its address: a preset, a kept answer, a feature, settings, or nothing. */
import type { Database } from '../../lib/db/connect'
import { requireDictionary } from '../../lib/dictionaries/rows'
import { featureFigures } from '../../lib/features/figures'
import { getGeneration } from '../../lib/steering/generations'
import { requireFeature } from '../../lib/features/labels'
import { getPreset } from '../../lib/steering/presets'
import type { AttachedDictionary } from '../../lib/dictionaries/view'
import { LoupeError } from '../../trainer/errors'
import { decodeSetup } from './address'
import type { KnownFigures } from './Edits'
import { emptySetup, fromIntervention, isFeatureEdit, withEdit, type Setup } from './setup'
import { initialStrength } from './strength'

export interface Start {
  setup: Setup
  /** Name of the preset the settings come from. */
  preset: string | null
}

/** @throws LoupeError for an address that names what is not there, or holds settings that are wrong */
export async function startOf(database: Database, query: URLSearchParams, model: string): Promise<Start> {
  const [preset, kept, dictionary] = [query.get('preset'), query.get('kept'), query.get('dictionary')]
  if (preset !== null) {
    const { name, intervention } = await getPreset(database, preset)
    return { setup: fromIntervention(intervention), preset: name }
  }
  if (kept !== null) {
    const { intervention } = await getGeneration(database, kept)
    return { setup: fromIntervention(intervention), preset: null }
  }
  if (dictionary !== null) {
    return { setup: await featureSetup(database, dictionary, query.get('feature'), model), preset: null }
  }
  return { setup: decodeSetup(query, model) ?? emptySetup(model), preset: null }
}

/** The feature added at 1 × its usual maximum. */
async function featureSetup(database: Database, asked: string, feature: string | null, model: string): Promise<Setup> {
  const dictionary = await requireDictionary(database, asked)
  const index = /^\d+$/.test(feature ?? '') ? Number(feature) : NaN
  if (Number.isNaN(index)) {
    throw new LoupeError('bad-input', `"${feature ?? ''}" is not a feature`, { remedy: 'give its number: &feature=12' })
  }
  requireFeature(dictionary, index)
  const [figures] = await featureFigures(database, dictionary, [index])
  const owner = await database.prisma.model.findUnique({
    where: { id: dictionary.modelId ?? '' },
    select: { name: true },
  })
  return withEdit(emptySetup(owner?.name ?? model), {
    dictionary: dictionary.name,
    feature: index,
    mode: 'add',
    positions: 'all',
    strength: initialStrength('add', figures?.maxActivation),
  })
}

/** Figures of the features among the edits, so that strengths show in their own units from the first paint. */
export async function knownFigures(
  database: Database,
  { edits }: Setup,
  dictionaries: readonly AttachedDictionary[],
): Promise<KnownFigures[]> {
  const features = edits.flatMap(({ edit }) => (isFeatureEdit(edit) ? [edit] : []))
  const names = [...new Set(features.map(({ dictionary }) => dictionary))]
  const found = names.map(async (name) => {
    // What is not there is told when it runs.
    if (!dictionaries.some((each) => each.id === name || each.name === name)) return []
    const asked = features.filter(({ dictionary }) => dictionary === name).map(({ feature }) => feature)
    const figures = await featureFigures(database, await requireDictionary(database, name), asked)
    return figures.map((each) => ({ ...each, dictionary: name }))
  })
  return (await Promise.all(found)).flat()
}
