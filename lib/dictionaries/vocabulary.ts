/** Texts for the tokens that the features of a dictionary fire on. */
import type { Database } from '../db/connect'
import { createVocabulary, readVocabulary, type Vocabulary } from '../models/vocabulary'
import type { DictionaryRow } from './rows'

/** The vocabulary of the dictionary's model; an empty one for a dictionary that is attached to no model. */
export async function vocabularyOf(
  database: Database,
  { modelId }: Pick<DictionaryRow, 'modelId'>,
): Promise<Vocabulary> {
  return modelId ? readVocabulary(database, modelId) : createVocabulary([])
}
