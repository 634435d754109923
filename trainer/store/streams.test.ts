import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { asStored, storeHarvest, type TestHarvest } from '../../test/support/harvest'
import { countedRows } from './counting'
import { splitShards, type Split } from './layout'
import { countRows, measureHarvest } from './measure'
import { orderedBatches, type OrderedBatch } from './orderedStream'
import { prefetch } from './prefetch'
import { damagedShards, storeShards } from './shards'
import { shuffledWindows } from './shuffle'
import { defaultWindowShards, trainingBatches, type TrainingStreamOptions } from './trainingStream'

const database = await testDatabase()
const { pool } = database
afterAll(() => database[Symbol.asyncDispose]())

const D_IN = 5
const small = { d_in: D_IN, contextSize: 12, contextsPerShard: 3, contexts: { train: 31, heldOut: 7 } }
const harvest = await storeHarvest(pool, small)

/** Every counted row of a split as text, in the order of its contexts: the plain reading of what is stored. */
function countedTexts(of: TestHarvest, split: Split): string[] {
  const texts: string[] = []
  const { from, to } = splitShards(of, split)
  for (let idx = from; idx < to; idx++) {
    const { tokens, activations } = of.shard(idx)
    for (let row = 0; row < tokens.length; row++) {
      const x = activations.subarray(row * D_IN, (row + 1) * D_IN)
      const norm = Math.fround(Math.hypot(...x))
      if (row % 12 === 0 || tokens[row] === -1 || norm > 10 * of.medianNorm) continue
      texts.push(asStored(x, of.dtype).join())
    }
  }
  return texts
}

async function take(
  rows: number,
  options: Partial<TrainingStreamOptions> = {},
  of: TestHarvest = harvest,
): Promise<string[]> {
  const texts: string[] = []
  const settings = { split: 'train', batchSize: 16, seed: 7, windowShards: 4, ...options } as const
  let expected = settings.startRow ?? 0
  for await (const { x, row } of trainingBatches(pool, of, settings)) {
    expect(row).toBe(expected)
    expected += settings.batchSize
    expect(x.length).toBe(settings.batchSize * D_IN)
    for (let i = 0; i < settings.batchSize; i++) texts.push(x.subarray(i * D_IN, (i + 1) * D_IN).join())
    if (texts.length >= rows) break
  }
  return texts.slice(0, rows)
}

describe('trainingBatches', () => {
  const counted = countedTexts(harvest, 'train')
  const epoch = counted.length

  it('yields every row that counts exactly once per epoch, and no other', async () => {
    const rows = await take(3 * epoch)
    expect(new Set(counted).size).toBe(epoch)
    for (const n of [0, 1, 2]) expect(rows.slice(n * epoch, (n + 1) * epoch).sort()).toEqual([...counted].sort())
    expect(await take(epoch)).toEqual(rows.slice(0, epoch))
    expect(rows.slice(0, epoch)).not.toEqual(rows.slice(epoch, 2 * epoch))
    expect(rows.slice(0, epoch)).not.toEqual(counted)
  })

  it('continues from any row as if it had never stopped, with any batch size', async () => {
    const whole = await take(2 * epoch + 60)
    for (const startRow of [1, 16, 100, epoch - 1, epoch, epoch + 33, 2 * epoch - 5]) {
      expect(await take(60, { startRow })).toEqual(whole.slice(startRow, startRow + 60))
    }
    expect(await take(200, { batchSize: 50 })).toEqual(whole.slice(0, 200))
    expect(await take(2 * epoch, { batchSize: epoch + 3 })).toEqual(whole.slice(0, 2 * epoch))
  })

  it('depends on seed, split and window', async () => {
    const rows = await take(epoch)
    expect(await take(epoch, { seed: 8 })).not.toEqual(rows)
    expect(await take(epoch, { windowShards: 2 })).not.toEqual(rows)
    const heldOut = countedTexts(harvest, 'held-out')
    expect((await take(heldOut.length, { split: 'held-out' })).sort()).toEqual([...heldOut].sort())
    expect(await countRows(pool, harvest, 'held-out')).toHaveLength(3)
  })

  it('shuffles across the shards of a window, and in no larger order', async () => {
    const rows = await take(epoch, { windowShards: 1 })
    const shardOf = new Map<string, number>()
    for (let idx = 0; idx < harvest.trainShards; idx++) {
      const { activations } = harvest.shard(idx)
      for (let i = 0; i < activations.length; i += D_IN) shardOf.set(activations.subarray(i, i + D_IN).join(), idx)
    }
    const changes = (texts: string[]) =>
      texts.filter((text, i) => i > 0 && shardOf.get(text) !== shardOf.get(texts[i - 1]!)).length
    expect(changes(rows)).toBe(harvest.trainShards - 1)
    expect(changes(await take(epoch, { windowShards: 100 }))).toBeGreaterThan(epoch / 2)
  })

  it('reads bf16 as well', async () => {
    const half = await storeHarvest(pool, { ...small, dtype: 'bf16' })
    const expected = countedTexts(half, 'train')
    expect((await take(expected.length, {}, half)).sort()).toEqual(expected.sort())
  })

  it('fails clearly on a missing shard, a shard of the wrong size, and an empty split', async () => {
    const holed = await storeHarvest(pool, small)
    await pool.query("UPDATE activation_shard SET data = data || '\\x00' WHERE harvest_id = $1 AND idx = 4", [
      holed.harvestId,
    ])
    await expect(take(epoch, {}, holed)).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining('shard 4') as string,
    })
    await pool.query('DELETE FROM activation_shard WHERE harvest_id = $1 AND idx = 4', [holed.harvestId])
    await expect(take(epoch, {}, holed)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('shard 4') as string,
    })
    const empty = await storeHarvest(pool, { ...small, contexts: { train: 4, heldOut: 0 } })
    await expect(take(1, { split: 'held-out' }, empty)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('returns its connections when the reader stops', async () => {
    await take(20)
    const { rows } = await pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND backend_type = 'client backend'",
    )
    expect(rows[0]!.n).toBe(1)
    expect(pool.waitingCount).toBe(0)
  })

  it('makes windows of 64 MB', () => {
    const real = { ...harvest, d_in: 576, contextSize: 128, contextsPerShard: 3, dtype: 'f32' as const }
    expect(defaultWindowShards(real)).toBe(75)
    expect(defaultWindowShards({ ...real, contextSize: 8192, d_in: 16384, contextsPerShard: 1 })).toBe(1)
  })
})

describe('orderedBatches', () => {
  it('yields every row that counts once, in order, with its position', async () => {
    const batches: OrderedBatch[] = []
    for await (const batch of orderedBatches(pool, harvest, {
      shards: { from: 0, to: harvest.shards },
      batchSize: 20,
    })) {
      batches.push(batch)
    }
    expect(batches.slice(0, -1).every(({ n }) => n === 20)).toBe(true)
    const texts = batches.flatMap(({ n, x }) =>
      Array.from({ length: n }, (_, i) => x.subarray(i * D_IN, (i + 1) * D_IN).join()),
    )
    expect(texts).toEqual([...countedTexts(harvest, 'train'), ...countedTexts(harvest, 'held-out')])
    for (const { n, x, context, position, token } of batches) {
      expect([x.length, context.length, position.length, token.length]).toEqual([n * D_IN, n, n, n])
      const { rows } = await pool.query<{ token: number; x: number[] }>(
        'SELECT loupe_token($1, $2, $3) AS token, loupe_activation($1, $2, $3) AS x',
        [harvest.harvestId, context[n - 1], position[n - 1]],
      )
      expect(rows[0]!.token).toBe(token[n - 1])
      expect(Float32Array.from(rows[0]!.x)).toEqual(x.slice(-D_IN))
    }
  })
})

describe('measureHarvest', () => {
  it('finds the exact lower median and counts what is left out', async () => {
    const norms: number[] = []
    const excluded = { padding: 0, first: 0, sink: 0 }
    for (let idx = 0; idx < harvest.shards; idx++) {
      const { tokens, activations } = harvest.shard(idx)
      for (let row = 0; row < tokens.length; row++) {
        if (tokens[row] === -1) excluded.padding++
        else if (row % 12 === 0) excluded.first++
        else norms.push(Math.fround(Math.hypot(...activations.subarray(row * D_IN, (row + 1) * D_IN))))
      }
    }
    const sorted = norms.sort((a, b) => a - b)
    const measured = await measureHarvest(pool, harvest)
    expect(measured.medianNorm).toBeCloseTo(sorted[Math.floor((sorted.length - 1) / 2)]!, 6)
    expect(sorted.some((norm) => Math.abs(norm - measured.medianNorm) < 1e-6)).toBe(true)
    excluded.sink = sorted.filter((norm) => norm > 10 * measured.medianNorm).length
    expect(excluded.sink).toBeGreaterThan(0)
    expect(measured.excluded).toEqual(excluded)
    expect(measured.tokens).toBe(norms.length + excluded.first)
  })

  it('leaves out rows that are NaN', () => {
    const rule = { contextSize: 4, medianNorm: 1 }
    const norms = Float32Array.of(1, 1, NaN, 10, 1, 10.5, Infinity, 0)
    expect([...countedRows(new Int32Array(8), norms, rule)]).toEqual([1, 3, 7])
  })
})

describe('shuffledWindows', () => {
  it('skips shards without rows and starts in the window of the requested row', () => {
    const spec = { seed: 1, rowsPerShard: [3, 0, 4], windowShards: 1 }
    const first = shuffledWindows(spec, 0)
    const windows = Array.from({ length: 4 }, () => first.next().value)
    expect(windows.map(({ start }) => start % 7 === 0 || [3, 4].includes(start % 7))).toEqual([true, true, true, true])
    expect(windows.flatMap(({ shards }) => shards).includes(1)).toBe(false)
    const resumed = shuffledWindows(spec, windows[2]!.start + 1).next().value
    expect(resumed).toEqual(windows[2])
  })
})

describe('prefetch', () => {
  it('runs ahead by its depth, keeps the order, and throws a failure in its turn', async () => {
    let made = 0
    async function* source() {
      for (;;) {
        await Promise.resolve()
        if (made === 6) throw new Error('the source broke')
        yield made++
      }
    }
    const seen: number[] = []
    const consume = async () => {
      for await (const item of prefetch(source(), 2)) {
        seen.push(item)
        await new Promise((resolve) => setTimeout(resolve, 2))
        expect(made - item).toBeLessThanOrEqual(3)
      }
    }
    await expect(consume()).rejects.toThrow('the source broke')
    expect(seen).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('companions of the activations', () => {
  const companions = ['target', 'gradient'] as const
  const D_OUT = 3

  it.each(['f32', 'bf16'] as const)('comes with its row, in any order, as %s', async (dtype) => {
    const pairs = await storeHarvest(pool, { ...small, dtype, d_out: D_OUT, gradients: true })
    const settings = { split: 'train', batchSize: 16, seed: 7, windowShards: 4 } as const
    const plain = await take(100, settings, pairs)
    const seen: string[] = []
    for await (const { x, target, gradient } of trainingBatches(pool, pairs, { ...settings, companions })) {
      for (let row = 0; row < settings.batchSize; row++) {
        const own = x.subarray(row * D_IN, (row + 1) * D_IN)
        seen.push(own.join())
        expect([...gradient!.subarray(row * D_IN, (row + 1) * D_IN)]).toEqual([...own].map((value) => -value))
        for (let i = 0; i < D_OUT; i++)
          expect(target![row * D_OUT + i]! / own[0]!).toBeCloseTo(1 + i, dtype === 'f32' ? 5 : 1)
      }
      if (seen.length >= 100) break
    }
    expect(seen.slice(0, 100)).toEqual(plain)
    const shards = splitShards(pairs, 'held-out')
    for await (const { n, x, target, gradient } of orderedBatches(pool, pairs, { shards, batchSize: 10, companions })) {
      expect([x.length, target!.length, gradient!.length]).toEqual([n * D_IN, n * D_OUT, n * D_IN])
      expect([...gradient!]).toEqual([...x].map((value) => -value))
    }
    expect(await damagedShards(pool, pairs.harvestId)).toEqual([])
    await pool.query(`UPDATE activation_shard SET gradient = target WHERE harvest_id = $1 AND idx = 1`, [
      pairs.harvestId,
    ])
    expect(await damagedShards(pool, pairs.harvestId)).toEqual([1])
    await expect(take(countedTexts(pairs, 'train').length, { ...settings, companions }, pairs)).rejects.toMatchObject({
      code: 'mismatch',
    })
    // A run that needs the activations alone never reads it.
    expect(await take(100, settings, pairs)).toEqual(plain)
  })

  it('are refused if the harvest has none, when storing and when reading', async () => {
    await expect(take(10, { companions: ['gradient'] })).rejects.toThrow(/made without gradients/)
    const without = { ...(await storeHarvest(pool, { ...small, d_out: D_OUT })).shard(0), target: undefined }
    await expect(storeShards(pool, { ...harvest, d_out: D_OUT }, [without])).rejects.toThrow(/, 3 of the target/)
  })
})
