/** Steering with the dictionaries of the database. */
import { LoupeError } from '../../trainer/errors'
import type { LoadedModel } from '../../trainer/model/types'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { ResolveDictionary } from '../../trainer/steering/edits'
import type { SteeringEnd } from '../../trainer/steering/events'
import type { Intervention } from '../../trainer/steering/intervention'
import { steer as steerWith } from '../../trainer/steering/steer'
import type { Database } from '../db/client'
import { requireDictionary, requireAttached, type DictionaryRow } from '../dictionaries/rows'
import { openDictionary } from '../dictionaries/weights'
import type { Model } from '../models/rows'

/**
 * Opens each dictionary of the model once; refuses dictionaries of other models.
 * @param openRow default: a copy for the caller, which stays open as long as the process
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
    const dictionary = opened.get(name) ?? open(name)
    opened.set(name, dictionary)
    return dictionary
  }
}

/** @returns the dictionary's hook */
export function requireOfModel(row: DictionaryRow, model: Model): string {
  const { modelId, hook } = requireAttached(row)
  if (modelId === model.id) return hook
  throw new LoupeError('mismatch', `the dictionary ${row.name} belongs to another model than ${model.name}`, {
    remedy: 'choose a dictionary of this model',
  })
}

/** Generates the answers of an intervention: the default, then the steered ones. */
export function steer(
  database: Database,
  { row, loaded }: { row: Model; loaded: LoadedModel },
  intervention: Intervention,
  signal: AbortSignal,
): Promise<SteeringEnd> {
  return steerWith(loaded, dictionaryResolver(database, row), intervention, { signal })
}
