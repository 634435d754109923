import type { Pool } from 'pg'
import { LoupeError } from '../errors'
import { copyInto } from '../store/copy'
import { transaction } from '../store/database'
import { createPartition } from '../store/partitions'
import type { FeatureRow } from './compute'
import { unpackFeature } from './pack'
import type { FeatureStatistics } from './types'

const COLUMNS = [
  { name: 'dictionary_id', type: 'uuid' },
  { name: 'index', type: 'int4' },
  { name: 'density', type: 'float4' },
  { name: 'fire_count', type: 'int8' },
  { name: 'max_activation', type: 'float4' },
  { name: 'mean_activation', type: 'float4' },
  { name: 'packed', type: 'bytea' },
] as const

/** Replaces the rows of features `[from, to)` in one transaction: a part is there as a whole or not at all. */
export async function writeFeaturePart(
  pool: Pool,
  dictionaryId: string,
  { from, to }: { from: number; to: number },
  rows: readonly FeatureRow[],
): Promise<void> {
  await createPartition(pool, 'feature', dictionaryId)
  await transaction(pool, async (client) => {
    const range = [dictionaryId, from, to]
    await client.query('DELETE FROM feature WHERE dictionary_id = $1 AND index >= $2 AND index < $3', range)
    const fields = rows.map((row) => [
      dictionaryId,
      row.index,
      row.density,
      row.fireCount,
      row.maxActivation,
      row.meanActivation,
      row.packed,
    ])
    await copyInto(client, 'feature', COLUMNS, fields)
  })
}

/** Columns of every feature of a dictionary, in order; without the packed rows. */
export async function listFeatures(pool: Pool, dictionaryId: string): Promise<Omit<FeatureRow, 'packed'>[]> {
  const { rows } = await pool.query<Omit<FeatureRow, 'packed'>>(
    `SELECT index, density, fire_count::float8 AS "fireCount", max_activation AS "maxActivation",
            mean_activation AS "meanActivation"
     FROM feature WHERE dictionary_id = $1 ORDER BY index`,
    [dictionaryId],
  )
  return rows
}

/** Statistics of some features, in the order asked for. Throws `not-found` for one that is not stored. */
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
