/** A few features in short: for chips, edits and lists that name features of a dictionary. */
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { vocabularyOf } from '../dictionaries/vocabulary'
import { labelsOfFeatures } from './labels'
import { readFigureRows } from './rows'
import type { FeatureFigures } from './schema'

const TOKENS = 3

/** In the order of their indices; features without statistics are left out. */
export async function featureFigures(
  database: Database,
  dictionary: DictionaryRow,
  features: readonly number[],
): Promise<FeatureFigures[]> {
  if (features.length === 0) return []
  const [rows, labels, vocabulary] = await Promise.all([
    readFigureRows(database, dictionary.id, features),
    labelsOfFeatures(database.pool, dictionary.id, features),
    vocabularyOf(database, dictionary),
  ])
  return rows.map(({ statistics, ...row }) => ({
    ...row,
    label: labels.get(row.feature)?.text ?? null,
    tokens: statistics.topTokens.slice(0, TOKENS).map(({ token }) => vocabulary.textOf(token)),
  }))
}
