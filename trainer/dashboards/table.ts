/** Feature statistics in the database. */
import type { Pool } from 'pg'
import { LoupeError } from '../errors'
import { copyInto, type CopyRow } from '../store/copy'
import { transaction } from '../store/database'
import { createPartition } from '../store/partitions'
import type { FeatureRow } from './compute'
import { unpackFeature } from './pack'
import type { FeatureStatistics } from './types'

const FEATURE_COLUMNS = [
  { name: 'dictionary_id', type: 'uuid' },
  { name: 'index', type: 'int4' },
  { name: 'density', type: 'float4' },
  { name: 'fire_count', type: 'int8' },
  { name: 'max_activation', type: 'float4' },
  { name: 'mean_activation', type: 'float4' },
  { name: 'packed', type: 'bytea' },
] as const

const TOKEN_COLUMNS = [
  { name: 'dictionary_id', type: 'uuid' },
  { name: 'token', type: 'int4' },
  { name: 'feature', type: 'int4' },
  { name: 'mean', type: 'float4' },
  { name: 'fires', type: 'int4' },
  { name: 'occurrences', type: 'int4' },
] as const

/** Columns of a feature for filters and sorting. */
export type FeatureColumns = Omit<FeatureRow, 'packed' | 'topTokens'>

/** Replaces the stored features `[from, to)`, and the tokens they fire on, in one transaction: a part is stored completely or not at all. */
export async function writeFeaturePart(
  pool: Pool,
  dictionaryId: string,
  { from, to }: { from: number; to: number },
  rows: readonly FeatureRow[],
): Promise<void> {
  await createPartition(pool, 'feature', dictionaryId)
  await createPartition(pool, 'feature_token', dictionaryId)
  await transaction(pool, async (client) => {
    const range = [dictionaryId, from, to]
    await client.query('DELETE FROM feature WHERE dictionary_id = $1 AND index >= $2 AND index < $3', range)
    await client.query('DELETE FROM feature_token WHERE dictionary_id = $1 AND feature >= $2 AND feature < $3', range)
    const fields = rows.map((row) => [
      dictionaryId,
      row.index,
      row.density,
      row.fireCount,
      row.maxActivation,
      row.meanActivation,
      row.packed,
    ])
    await copyInto(client, 'feature', FEATURE_COLUMNS, fields)
    await copyInto(client, 'feature_token', TOKEN_COLUMNS, tokenRows(dictionaryId, rows))
  })
}

function* tokenRows(dictionaryId: string, rows: readonly FeatureRow[]): Generator<CopyRow> {
  for (const { index, topTokens } of rows) {
    for (const { token, mean, fires, occurrences } of topTokens) {
      yield [dictionaryId, token, index, mean, fires, occurrences]
    }
  }
}

/** Columns of every feature of a dictionary, in order; without the packed rows. */
export async function listFeatures(pool: Pool, dictionaryId: string): Promise<FeatureColumns[]> {
  const { rows } = await pool.query<FeatureColumns>(
    `SELECT index, density, fire_count::float8 AS "fireCount", max_activation AS "maxActivation",
            mean_activation AS "meanActivation"
     FROM feature WHERE dictionary_id = $1 ORDER BY index`,
    [dictionaryId],
  )
  return rows
}

/** Statistics of some features, in this order. Throws `not-found` for a feature without statistics. */
export async function readFeatures(
  pool: Pool,
  dictionaryId: string,
  indices: readonly number[],
): Promise<FeatureStatistics[]> {
  const { rows } = await pool.query<{ index: number; packed: Buffer }>(
    'SELECT index, packed FROM feature WHERE dictionary_id = $1 AND index = ANY($2)',
    [dictionaryId, indices],
  )
  const packed = new Map(rows.map((row) => [row.index, row.packed]))
  return indices.map((index) => {
    const bytes = packed.get(index)
    if (bytes) return unpackFeature(bytes, index)
    throw new LoupeError('not-found', `there are no statistics of feature ${index}`, {
      remedy: 'compute them with: loupe dashboards --dictionary NAME',
    })
  })
}
