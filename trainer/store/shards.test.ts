import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { asStored, insertHarvest, storeHarvest } from '../../test/support/harvest'
import { readContexts, readSingleContexts } from './contexts'
import { encodeActivations } from './dtype'
import { planShards, shardContexts, splitShards } from './layout'
import { createPartition, dropPartition, partitionName } from './partitions'
import {
  createHarvestStore,
  damagedShards,
  dropHarvestStore,
  harvestDigest,
  listShards,
  missingShards,
  readShards,
  storeShards,
} from './shards'

const database = await testDatabase()
const { pool } = database
afterAll(() => database[Symbol.asyncDispose]())

const small = { d_in: 6, contextSize: 8, contextsPerShard: 4, contexts: { train: 10, heldOut: 5 } }

describe('layout', () => {
  it('makes shards of about 1 MB of whole contexts, training first', () => {
    const harvest = { harvestId: '', contextSize: 128, d_in: 576, dtype: 'f32' as const }
    expect(planShards(harvest, { train: 10, heldOut: 4 })).toMatchObject({
      contextsPerShard: 3,
      trainShards: 4,
      shards: 6,
    })
    expect(planShards({ ...harvest, dtype: 'bf16' }, { train: 10, heldOut: 4 }).contextsPerShard).toBe(7)
    expect(planShards({ ...harvest, contextSize: 8192 }, { train: 1, heldOut: 0 }).contextsPerShard).toBe(1)
    const layout = planShards(harvest, { train: 10, heldOut: 4 })
    expect(shardContexts(layout, 3)).toEqual({ split: 'train', first: 9, end: 12 })
    expect(shardContexts(layout, 4)).toEqual({ split: 'held-out', first: 0, end: 3 })
    expect([splitShards(layout, 'train'), splitShards(layout, 'held-out')]).toEqual([
      { from: 0, to: 4 },
      { from: 4, to: 6 },
    ])
  })
})

describe('shards', () => {
  it.each(['f32', 'bf16'] as const)('come back as stored in %s, in the asked order', async (dtype) => {
    const harvest = await storeHarvest(pool, { ...small, dtype })
    const asked = [4, 0, 2, 1, 3]
    const found: number[] = []
    for await (const { idx, data } of readShards(pool, harvest.harvestId, asked)) {
      const { activations, tokens } = harvest.shard(idx)
      const expected = activations.map((value, i) => (tokens[Math.floor(i / small.d_in)] === -1 ? 0 : value))
      expect(data.equals(encodeActivations(expected, dtype))).toBe(true)
      found.push(idx)
    }
    expect(found).toEqual(asked)
    const listed = await listShards(pool, harvest.harvestId)
    expect(listed.map(({ n_tokens }) => n_tokens)).toEqual([32, 32, 16, 32, 8])
    const [plain] = (
      await pool.query<{ data: Buffer }>('SELECT data FROM activation_shard WHERE harvest_id = $1 AND idx = 2', [
        harvest.harvestId,
      ])
    ).rows
    expect(listed[2]!.sha256).toBe(createHash('sha256').update(plain!.data).digest('hex'))
  })

  it('fill gaps, keep stored shards, and refuse other content', async () => {
    const harvest = await storeHarvest(pool, small)
    const { harvestId } = harvest
    const digest = await harvestDigest(pool, harvestId)
    await pool.query('DELETE FROM activation_shard WHERE harvest_id = $1 AND idx IN (1, 3)', [harvestId])
    expect(await missingShards(pool, harvest)).toEqual([1, 3])
    await expect(collect(readShards(pool, harvestId, [0, 1, 2]))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('shard 1') as string,
    })
    expect(await harvestDigest(pool, harvestId)).not.toBe(digest)
    const all = [0, 1, 2, 3, 4].map((idx) => harvest.shard(idx))
    const stored = await Promise.all([storeShards(pool, harvest, all), storeShards(pool, harvest, all)])
    expect(stored.flat().sort()).toEqual([1, 3])
    expect(await missingShards(pool, harvest)).toEqual([])
    expect(await harvestDigest(pool, harvestId)).toBe(digest)
    const other = harvest.shard(2)
    other.activations[9] = 123
    await expect(storeShards(pool, harvest, [other])).rejects.toMatchObject({ code: 'mismatch' })
  })

  it('are stored together or not at all', async () => {
    const harvest = await storeHarvest(pool, small)
    await pool.query('DELETE FROM activation_shard WHERE harvest_id = $1', [harvest.harvestId])
    const wrong = { ...harvest.shard(1), activations: new Float32Array(7) }
    await expect(storeShards(pool, harvest, [harvest.shard(0), wrong])).rejects.toMatchObject({ code: 'bad-input' })
    await pool.query('ALTER TABLE activation_shard ADD CONSTRAINT refuse_two CHECK (idx <> 2) NOT VALID')
    await expect(storeShards(pool, harvest, [harvest.shard(0), harvest.shard(2)])).rejects.toThrow('refuse_two')
    await pool.query('ALTER TABLE activation_shard DROP CONSTRAINT refuse_two')
    expect(await missingShards(pool, harvest)).toEqual([0, 1, 2, 3, 4])
  })

  it('show which of them were altered', async () => {
    const { harvestId } = await storeHarvest(pool, small)
    expect(await damagedShards(pool, harvestId)).toEqual([])
    await pool.query('UPDATE activation_shard SET data = set_byte(data, 3, 99) WHERE harvest_id = $1 AND idx = 3', [
      harvestId,
    ])
    expect(await damagedShards(pool, harvestId)).toEqual([3])
  })

  it('depend only on content', async () => {
    const [one, same, other] = [
      await storeHarvest(pool, small),
      await storeHarvest(pool, small),
      await storeHarvest(pool, { ...small, seed: 1 }),
    ]
    expect(await harvestDigest(pool, one.harvestId)).toBe(await harvestDigest(pool, same.harvestId))
    expect(await harvestDigest(pool, one.harvestId)).not.toBe(await harvestDigest(pool, other.harvestId))
  })
})

describe('contexts', () => {
  it('are read with their documents, by shard and one by one', async () => {
    const harvest = await storeHarvest(pool, small)
    for (const found of await readContexts(pool, harvest, [3, 0, 2])) {
      const { heldOut, documents, tokens } = harvest.shard(found.idx)
      expect(found).toEqual({ idx: found.idx, heldOut, documents, tokens })
    }
    expect((await readContexts(pool, harvest, [3, 0, 2])).map(({ idx }) => idx)).toEqual([3, 0, 2])
    await expect(readContexts(pool, harvest, [0, 9])).rejects.toMatchObject({ code: 'not-found' })
    // Context 11 would be the fourth of shard 2, which has two; 99 is in no shard.
    const single = await readSingleContexts(pool, harvest, [5, 0, 5, 12, 11, 99])
    expect([...single.keys()].sort((a, b) => a - b)).toEqual([0, 5, 12])
    const { documents, tokens } = harvest.shard(1)
    expect(single.get(5)).toEqual({ document: documents[1], tokens: tokens.slice(8, 16) })
  })
})

describe('partitions', () => {
  it('are created once by several processes at a time, and dropped as a whole', async () => {
    const id = await insertHarvest(
      pool,
      planShards({ harvestId: '', contextSize: 8, d_in: 6, dtype: 'f32' }, { train: 1, heldOut: 1 }),
    )
    await Promise.all(Array.from({ length: 4 }, () => createHarvestStore(pool, id)))
    await dropHarvestStore(pool, id)
    await dropHarvestStore(pool, id)
    const { rows } = await pool.query('SELECT to_regclass($1) AS found', [partitionName('activation_shard', id)])
    expect(rows).toEqual([{ found: null }])
  })

  it('are created while others read any table', async () => {
    const plan = planShards({ harvestId: '', contextSize: 8, d_in: 6, dtype: 'f32' }, { train: 1, heldOut: 1 })
    const id = await insertHarvest(pool, plan)
    const reader = await pool.connect()
    try {
      await reader.query('BEGIN')
      await reader.query('SELECT count(*) FROM context_shard JOIN activation_shard USING (harvest_id, idx)')
      await createHarvestStore(pool, id)
    } finally {
      await reader.query('ROLLBACK')
      reader.release()
    }
    await dropHarvestStore(pool, id)
  }, 20_000)

  it('keep large columns out of the rows', async () => {
    const id = '00000000-0000-4000-8000-000000000001'
    await createPartition(pool, 'feature', id)
    await createPartition(pool, 'activation_shard', id)
    const { rows } = await pool.query(
      `SELECT c.relname AS name, a.attstorage AS storage, c.reloptions AS options FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('data', 'packed') WHERE c.relname LIKE $1 ORDER BY 1`,
      ['%000000000001'],
    )
    expect(rows).toEqual([
      { name: partitionName('activation_shard', id), storage: 'e', options: null },
      { name: partitionName('feature', id), storage: 'x', options: ['toast_tuple_target=128'] },
    ])
    await dropPartition(pool, 'feature', id)
    await dropPartition(pool, 'activation_shard', id)
    await expect(createPartition(pool, 'feature', "x'; DROP TABLE feature")).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})

describe('functions in the database', () => {
  it.each(['f32', 'bf16'] as const)('find a token, its shard row and its activation in %s', async (dtype) => {
    const harvest = await storeHarvest(pool, { ...small, dtype })
    for (const [context, position] of [
      [0, 0],
      [5, 5],
      [9, 3],
      [13, 1],
    ] as const) {
      const { rows } = await pool.query<{ shard: number; shard_row: number; token: number; activation: number[] }>(
        `SELECT shard, shard_row, loupe_token($1, $2, $3) AS token, loupe_activation($1, $2, $3) AS activation
         FROM loupe_locate($1, $2, $3)`,
        [harvest.harvestId, context, position],
      )
      const idx = Math.floor(context / 4)
      const row = (context % 4) * 8 + position
      const { tokens, activations } = harvest.shard(idx)
      expect(rows).toMatchObject([{ shard: idx, shard_row: row, token: tokens[row] }])
      const stored = asStored(activations.slice(row * 6, row * 6 + 6), dtype)
      expect(Float32Array.from(rows[0]!.activation)).toEqual(stored)
    }
  })

  it('return no token and a zero activation for padding', async () => {
    const { harvestId } = await storeHarvest(pool, small)
    const { rows } = await pool.query('SELECT loupe_token($1, 2, 7) AS token, loupe_activation($1, 2, 7) AS x', [
      harvestId,
    ])
    expect(rows).toEqual([{ token: null, x: [0, 0, 0, 0, 0, 0] }])
  })

  it('decode every kind of number', async () => {
    const values = Float32Array.of(
      0,
      -0,
      1,
      -1.5,
      3.4028235e38,
      1.17549435e-38,
      1e-45,
      -1e-40,
      Infinity,
      -Infinity,
      NaN,
      0.1,
    )
    for (const dtype of ['f32', 'bf16'] as const) {
      const bytes = encodeActivations(values, dtype)
      const { rows } = await pool.query<{ x: number[] }>('SELECT loupe_decode($1, $2) AS x', [bytes, dtype])
      expect(Float32Array.from(rows[0]!.x)).toEqual(asStored(values, dtype))
    }
    expect((await pool.query("SELECT loupe_decode('', 'f32') AS x")).rows).toEqual([{ x: [] }])
  })

  it('report what is wrong with a position', async () => {
    const harvest = await storeHarvest(pool, small)
    const ask = (context: number, position: number, id = harvest.harvestId) =>
      pool.query('SELECT loupe_activation($1, $2, $3)', [id, context, position])
    await expect(ask(0, 0, '00000000-0000-4000-8000-000000000009')).rejects.toThrow('there is no harvest')
    await expect(ask(0, 8)).rejects.toThrow('position 8 is outside a context of 8 tokens')
    await expect(ask(20, 0)).rejects.toThrow('context 20 is outside the harvest')
    await expect(ask(-1, 0)).rejects.toThrow('context -1 is outside the harvest')
    await expect(ask(11, 0)).rejects.toThrow('context 11 is not stored (shard 2)')
    await pool.query('DELETE FROM activation_shard WHERE harvest_id = $1 AND idx = 0', [harvest.harvestId])
    await expect(ask(0, 0)).rejects.toThrow('context 0 is not stored (shard 0)')
  })
})

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
