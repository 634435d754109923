/** A dictionary with hand-made statistics over a small harvest of known tokens. */
import { packFeature } from '../../trainer/dashboards/pack'
import { writeFeaturePart } from '../../trainer/dashboards/table'
import type { FeatureExample, FeatureStatistics } from '../../trainer/dashboards/types'
import { requireDictionary, type DictionaryRow } from '../../lib/dictionaries/rows'
import { storeHarvest, type TestHarvest } from './harvest'
import type { TestDatabase } from './database'

/** Texts that are difficult for file formats; the other tokens are ` t4`, ` t5` … */
export const ODD_TOKENS = ['\0', '"a", b;', 'line\r\nbreak', '😀\u2028']

export interface PlantedDictionary {
  row: DictionaryRow
  harvest: TestHarvest
  statistics(feature: number): FeatureStatistics
}

/** Every seventh feature is dead; the others fire at three positions of a few contexts. */
export async function plantDictionary(
  database: TestDatabase,
  { name, features }: { name: string; features: number },
): Promise<PlantedDictionary> {
  const { pool } = database
  const harvest = await storeHarvest(pool, { contextsPerShard: 4 })
  const { harvestId, shards } = harvest
  await pool.query(`INSERT INTO vocabulary (model_id, texts) SELECT model_id, $2 FROM harvest WHERE id = $1`, [
    harvestId,
    Buffer.from(JSON.stringify(Array.from({ length: 1000 }, (_, id) => ODD_TOKENS[id] ?? ` t${id}`))),
  ])
  await pool.query(
    `WITH b AS (INSERT INTO blob (sha256, bytes) VALUES ('\\x0123', 0) RETURNING id)
     INSERT INTO dictionary (name, origin, model_id, hook, provenance, config, architecture, d_in, d_sae, weights_id)
     SELECT $2, 'import', h.model_id, h.hook, '{}', '{}', 'topk', h.d_in, $3, b.id FROM harvest h, b WHERE h.id = $1`,
    [harvestId, name, features],
  )
  const row = await requireDictionary(database, name)
  const statistics = (feature: number) => plantedStatistics(feature, features)
  const rows = Array.from({ length: features }, (_, index) => {
    const planted = statistics(index)
    const { fireCount, maxActivation, meanActivation, tokens, topTokens } = planted
    const packed = packFeature(planted)
    return { index, density: fireCount / tokens, fireCount, maxActivation, meanActivation, topTokens, packed }
  })
  await writeFeaturePart(pool, row.id, { from: 0, to: features }, rows)
  await database.prisma.featureSet.create({
    data: {
      dictionaryId: row.id,
      harvestId,
      tokens: 380,
      config: { shards, seed: 0 },
      status: 'finished',
      finishedAt: new Date('2026-11-25T12:00:00.123Z'),
    },
  })
  return { row, harvest, statistics }
}

function plantedStatistics(feature: number, features: number): FeatureStatistics {
  const dead = feature % 7 === 0
  const max = dead ? 0 : Math.fround(1 + feature * 0.1)
  const example = (context: number, place: number): FeatureExample => {
    const positions = [2, 5, 9]
    const values = positions.map((_, i) => (i === place ? max : max / 4))
    return { context, position: positions[place]!, activation: values[place]!, positions, values }
  }
  const examples = dead ? [] : [example(feature % 26, 0), example((feature + 5) % 26, 1)]
  const upper = Math.fround(max / 2)
  return {
    tokens: 380,
    contextSize: 16,
    fireCount: dead ? 0 : (feature % 300) + 6,
    maxActivation: max,
    meanActivation: Math.fround(max / 3),
    histogram: dead ? [0, 0] : [feature % 300, 6],
    top: examples,
    random: examples.slice(1),
    intervals: dead ? [] : [{ from: 0.5, to: 0.9, lower: Math.fround(upper / 2), upper, examples: [example(3, 2)] }],
    topTokens: dead ? [] : [{ token: feature % 1000, mean: Math.fround(0.9), fires: 2, occurrences: 3 }],
    logits: {
      method: 'final-norm+unembedding',
      top: [{ token: feature % 4, logit: Math.fround(1.1) }],
      bottom: [{ token: 4, logit: Math.fround(-0.3) }],
    },
    neighbours: [{ feature: (feature + 1) % features, cosine: Math.fround(0.7) }],
  }
}
