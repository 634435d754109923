/** What is known of a few features, in short: for chips, edits and lists that name features of a dictionary. */
import { z } from 'zod'
import { unpackFeature } from '../../trainer/dashboards/pack'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { vocabularyOf } from './list'
import { labelsOfFeatures } from './labels'

export const FeatureFigures = z.strictObject({
  feature: z.int().describe('Index of the feature'),
  density: z.number().describe('Share of the counted tokens on which it fires'),
  maxActivation: z.number().describe('Its largest activation over the counted tokens'),
  label: z.string().nullable().describe('Its label'),
  tokens: z.array(z.string()).describe('Texts of the tokens it fires on most strongly, at most three'),
})
export type FeatureFigures = z.output<typeof FeatureFigures>

const TOKENS = 3

/** In the order of their indices; features without statistics are left out. */
export async function featureFigures(
  database: Database,
  dictionary: DictionaryRow,
  features: readonly number[],
): Promise<FeatureFigures[]> {
  if (features.length === 0) return []
  const [{ rows }, labels, vocabulary] = await Promise.all([
    database.pool.query<Pick<FeatureFigures, 'feature' | 'density' | 'maxActivation'> & { packed: Buffer }>(
      `SELECT index AS feature, density, max_activation AS "maxActivation", packed FROM feature
       WHERE dictionary_id = $1 AND index = ANY($2::int4[]) ORDER BY index`,
      [dictionary.id, features],
    ),
    labelsOfFeatures(database.pool, dictionary.id, features),
    vocabularyOf(database, dictionary),
  ])
  return rows.map(({ packed, ...row }) => ({
    ...row,
    label: labels.get(row.feature)?.text ?? null,
    tokens: unpackFeature(packed, row.feature)
      .topTokens.slice(0, TOKENS)
      .map(({ token }) => vocabulary.textOf(token)),
  }))
}
