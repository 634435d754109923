/** A dictionary with the statistics that a test defines. */
import type { Database } from '../../lib/db/connect'
import { requireDictionary, type DictionaryRow } from '../../lib/dictionaries/rows'
import type { FeatureRow } from '../../trainer/dashboards/compute'
import { packFeature } from '../../trainer/dashboards/pack'
import { writeFeaturePart } from '../../trainer/dashboards/table'
import type { FeatureStatistics } from '../../trainer/dashboards/types'
import { storeHarvest, type TestHarvest } from './harvest'

/** Number of counted tokens in the statistics. */
export const COUNTED_TOKENS = 1000

export type TestFeature = Partial<FeatureStatistics> & { fireCount: number; maxActivation: number }

/** Statistics of a feature: empty except for `feature`. */
export function testStatistics(feature: TestFeature): FeatureStatistics {
  return {
    tokens: COUNTED_TOKENS,
    contextSize: 16,
    meanActivation: feature.maxActivation / 2,
    histogram: [feature.fireCount],
    top: [],
    random: [],
    intervals: [],
    topTokens: [],
    neighbours: [],
    logits: { method: 'none', top: [], bottom: [] },
    ...feature,
  }
}

/** Features by index, `undefined` for a feature without statistics; the harvest has contexts of 16 tokens. */
export async function storeFeatures(
  database: Database,
  features: readonly (TestFeature | undefined)[],
): Promise<{ dictionary: DictionaryRow; harvest: TestHarvest; modelId: string }> {
  const { pool } = database
  const harvest = await storeHarvest(pool)
  const { rows } = await pool.query<{ id: string; model_id: string }>(
    `WITH h AS (SELECT id, model_id, hook FROM harvest WHERE id = $1),
          b AS (INSERT INTO blob (sha256, bytes) VALUES (decode(repeat('00', 32), 'hex'), 0) RETURNING id)
     INSERT INTO dictionary (name, origin, model_id, hook, provenance, config, architecture, d_in, d_sae, weights_id)
     SELECT gen_random_uuid(), 'import', h.model_id, h.hook, '{}', '{}', 'topk', 8, $2, b.id FROM h, b
     RETURNING id, model_id`,
    [harvest.harvestId, features.length],
  )
  const { id, model_id: modelId } = rows[0]!
  await database.prisma.featureSet.create({
    data: { dictionaryId: id, harvestId: harvest.harvestId, tokens: COUNTED_TOKENS, config: {}, status: 'finished' },
  })
  const stored = features.flatMap((feature, index) => (feature ? [featureRow(index, feature)] : []))
  await writeFeaturePart(pool, id, { from: 0, to: features.length }, stored)
  return { dictionary: await requireDictionary(database, id), harvest, modelId }
}

function featureRow(index: number, feature: TestFeature): FeatureRow {
  const statistics = testStatistics(feature)
  const { fireCount, maxActivation, meanActivation, topTokens } = statistics
  const density = fireCount / COUNTED_TOKENS
  return { index, density, fireCount, maxActivation, meanActivation, topTokens, packed: packFeature(statistics) }
}
