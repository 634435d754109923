/** The data of the page "Steer": its choices, and the settings that its address names. */
import { LoupeError } from '../../trainer/errors'
import type { AttachedDictionary } from '../catalog/schema'
import { listAttachedDictionaries } from '../catalog/view'
import type { Database } from '../db/connect'
import { requireDictionary } from '../dictionaries/rows'
import { featureFigures } from '../features/figures'
import { requireFeature } from '../features/labels'
import type { ListedModel } from '../models/schema'
import { listModels } from '../models/view'
import { getGeneration } from './generations'
import { getPreset, listPresets } from './presets'
import { decodeSetup } from './readAddress'
import type { ListedSteeringPreset } from './schema'
import { emptySetup, fromIntervention, initialStrength, isFeatureEdit, withEdit } from './setup'
import type { KnownFigures, Setup } from './setup'

export interface SteerPage {
  models: ListedModel[]
  dictionaries: readonly AttachedDictionary[]
  presets: ListedSteeringPreset[]
  setup: Setup
  /** Name of the preset that the settings come from. */
  preset: string | null
  /** Figures of the features among the edits. */
  known: KnownFigures[]
  /** Why the address could not be used. */
  problem: { message: string; remedy?: string | undefined } | null
}

/** @returns undefined when there is no model */
export async function steerPage(database: Database, query: URLSearchParams): Promise<SteerPage | undefined> {
  const [models, dictionaries, presets] = await Promise.all([
    listModels(database),
    listAttachedDictionaries(database),
    listPresets(database),
  ])
  const model = dictionaries[0]?.model ?? models[0]?.name
  if (model === undefined) return undefined
  const { setup, preset, problem } = await start(database, query, model)
  return {
    models,
    dictionaries,
    presets,
    setup,
    preset,
    known: await knownFigures(database, setup, dictionaries),
    problem,
  }
}

type Start = Pick<SteerPage, 'setup' | 'preset' | 'problem'>

/** An address that names something missing, or holds wrong settings, starts an empty page and says why. */
async function start(database: Database, query: URLSearchParams, model: string): Promise<Start> {
  try {
    return { ...(await namedSetup(database, query, model)), problem: null }
  } catch (error) {
    if (!(error instanceof LoupeError)) throw error
    const { message, remedy } = error
    return { setup: emptySetup(model), preset: null, problem: { message, remedy } }
  }
}

/** The settings of a preset, a kept answer, a feature, or the address itself. */
async function namedSetup(database: Database, query: URLSearchParams, model: string): Promise<Omit<Start, 'problem'>> {
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

/** Adds the feature at 1 × its usual maximum. */
async function featureSetup(
  database: Database,
  nameOrId: string,
  feature: string | null,
  model: string,
): Promise<Setup> {
  const dictionary = await requireDictionary(database, nameOrId)
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

/** Read with the page, so that strengths show in units of the usual maximum from the first paint. */
async function knownFigures(
  database: Database,
  { edits }: Setup,
  dictionaries: readonly AttachedDictionary[],
): Promise<KnownFigures[]> {
  const features = edits.flatMap(({ edit }) => (isFeatureEdit(edit) ? [edit] : []))
  const names = [...new Set(features.map(({ dictionary }) => dictionary))]
  const figures = names.map(async (name) => {
    // A missing dictionary becomes an error when the intervention runs.
    if (!dictionaries.some((each) => each.id === name || each.name === name)) return []
    const indices = features.filter(({ dictionary }) => dictionary === name).map(({ feature }) => feature)
    const rows = await featureFigures(database, await requireDictionary(database, name), indices)
    return rows.map((row) => ({ ...row, dictionary: name }))
  })
  return (await Promise.all(figures)).flat()
}
