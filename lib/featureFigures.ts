/** What is known of a few features, in short: for chips, edits and lists that name features of a dictionary. */
import { z } from 'zod'
import type { Database } from './db/connect'
import type { DictionaryRow } from './dictionaries'
import { labelsOfFeatures } from './labels'

export const FeatureFigures = z.strictObject({
  feature: z.int().describe('Index of the feature'),
  density: z.number().describe('Share of the counted tokens on which it fires'),
  maxActivation: z.number().describe('Its largest activation over the counted tokens'),
  label: z.string().nullable().describe('Its label'),
})
export type FeatureFigures = z.output<typeof FeatureFigures>

/** In the order of their indices; features without statistics are left out. */
export async function featureFigures(
  { pool }: Database,
  { id }: Pick<DictionaryRow, 'id'>,
  features: readonly number[],
): Promise<FeatureFigures[]> {
  if (features.length === 0) return []
  const [{ rows }, labels] = await Promise.all([
    pool.query<Omit<FeatureFigures, 'label'>>(
      `SELECT index AS feature, density, max_activation AS "maxActivation" FROM feature
       WHERE dictionary_id = $1 AND index = ANY($2::int4[]) ORDER BY index`,
      [id, features],
    ),
    labelsOfFeatures(pool, id, features),
  ])
  return rows.map((row) => ({ ...row, label: labels.get(row.feature)?.text ?? null }))
}
