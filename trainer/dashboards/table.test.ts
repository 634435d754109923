import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import type { FeatureRow } from './compute'
import { packFeature } from './pack'
import { listFeatures, readFeatures, writeFeaturePart } from './table'
import type { FeatureStatistics } from './types'

const database = await testDatabase()
const { pool } = database
afterAll(() => database[Symbol.asyncDispose]())
const dictionary = '11111111-2222-4333-8444-555555555555'

function statistics(index: number): FeatureStatistics {
  return {
    tokens: 1000,
    contextSize: 128,
    fireCount: index,
    maxActivation: 2,
    meanActivation: 0.5,
    histogram: [index],
    top: [{ context: index, position: 1, activation: 2, positions: [1], values: [2] }],
    random: [],
    intervals: [],
    topTokens: [index, index + 1].map((token) => ({ token, mean: 0.25, fires: index, occurrences: 2 * index })),
    logits: { method: 'none', top: [], bottom: [] },
    neighbours: [],
  }
}

function row(index: number): FeatureRow {
  const { fireCount, maxActivation, meanActivation, topTokens } = statistics(index)
  return {
    index,
    density: index / 1000,
    fireCount,
    maxActivation,
    meanActivation,
    packed: packFeature(statistics(index)),
    topTokens,
  }
}

const rows = (from: number, to: number): FeatureRow[] => Array.from({ length: to - from }, (_, i) => row(from + i))

async function stored(): Promise<string> {
  const { rows: found } = await pool.query<{ all: string }>(
    `SELECT (SELECT string_agg(index || ':' || md5(packed), ',' ORDER BY index) FROM feature WHERE dictionary_id = $1) ||
            (SELECT md5(string_agg(t::text, ',' ORDER BY token, feature)) FROM feature_token t WHERE dictionary_id = $1) AS all`,
    [dictionary],
  )
  return found[0]!.all
}

describe('the feature table', () => {
  it('holds the parts written, gives them back, and stays the same when a part is written again', async () => {
    await writeFeaturePart(pool, dictionary, { from: 0, to: 20 }, rows(0, 20))
    await writeFeaturePart(pool, dictionary, { from: 20, to: 30 }, rows(20, 30))
    const before = await stored()
    await writeFeaturePart(pool, dictionary, { from: 0, to: 20 }, rows(0, 20))
    expect(await stored()).toBe(before)
    const listed = await listFeatures(pool, dictionary)
    expect(listed.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, i) => i))
    expect(listed[7]).toEqual({
      index: 7,
      density: 0.007,
      fireCount: 7,
      maxActivation: 2,
      meanActivation: 0.5,
    })
    expect(await readFeatures(pool, dictionary, [25, 3])).toEqual([statistics(25), statistics(3)])
  })

  it('finds the features of a token', async () => {
    const { rows: found } = await pool.query(
      'SELECT feature, mean, fires, occurrences FROM feature_token WHERE dictionary_id = $1 AND token = 20 ORDER BY feature',
      [dictionary],
    )
    // One is the last of the first part, one the first of the second.
    expect(found).toEqual([
      { feature: 19, mean: 0.25, fires: 19, occurrences: 38 },
      { feature: 20, mean: 0.25, fires: 20, occurrences: 40 },
    ])
  })

  it('keeps the old part when the new one fails in the middle', async () => {
    const before = await stored()
    const broken = [...rows(0, 10), { ...row(10), fireCount: 0.5 }]
    await expect(writeFeaturePart(pool, dictionary, { from: 0, to: 20 }, broken)).rejects.toThrow()
    expect(await stored()).toBe(before)
  })

  it('names a feature that is not there, and a damaged row', async () => {
    await expect(readFeatures(pool, dictionary, [3, 99])).rejects.toMatchObject({
      code: 'not-found',
      message: 'there are no statistics of feature 99',
    })
    await pool.query(`UPDATE feature SET packed = set_byte(packed, 9, 77) WHERE dictionary_id = $1 AND index = 3`, [
      dictionary,
    ])
    await expect(readFeatures(pool, dictionary, [3])).rejects.toMatchObject({
      code: 'bad-input',
      message: 'the stored statistics of feature 3 cannot be read: the checksum does not match',
    })
  })
})
