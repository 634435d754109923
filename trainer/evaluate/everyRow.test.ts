import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { storeHarvest, type TestHarvest } from '../../test/support/harvest'
import { Dictionary } from '../sae/dictionary/dictionary'
import { orderedBatches } from '../store/orderedStream'
import { loadBackend } from '../tensors/backend'
import { createRandom } from '../tensors/random'
import { everyRow } from './everyRow'
import { measureReconstruction } from './reconstruction'

const [D, CONTEXT] = [8, 16]
const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())

/** Reads and writes the first coordinate only. */
function firstCoordinate(): Dictionary {
  const unit = Float32Array.from({ length: D }, (_, i) => (i === 0 ? 1 : 0))
  return Dictionary.create(
    { architecture: 'first', d_in: D, d_sae: 2, activation: { kind: 'relu' }, apply_b_dec_to_input: false },
    {
      W_enc: { shape: [D, 2], data: Float32Array.from({ length: 2 * D }, (_, i) => (i === 0 ? 1 : i === 1 ? -1 : 0)) },
      W_dec: { shape: [2, D], data: Float32Array.of(...unit, ...unit.map((value) => -value)) },
      b_enc: { shape: [2], data: new Float32Array(2) },
      b_dec: { shape: [D], data: new Float32Array(D) },
    },
  )
}

let harvest: TestHarvest

beforeAll(async () => {
  await loadBackend()
  harvest = await storeHarvest(database.pool, {
    d_in: D,
    contextSize: CONTEXT,
    contextsPerShard: 3,
    contexts: { train: 8, heldOut: 4 },
    // Noise, and at the first position the same huge value in every context: an attention sink.
    activations: (context) => {
      const random = createRandom(context)
      return Float32Array.from({ length: CONTEXT * D }, (_, i) => (i === 0 ? 1000 : random.normal()))
    },
  })
})

const heldOut = (): { from: number; to: number } => ({ from: harvest.trainShards, to: harvest.shards })

describe('reconstruction with and without attention sinks', () => {
  it('explains an eighth of the noise, and nearly everything when the sinks are left in', async () => {
    const dictionary = firstCoordinate()
    const { signal } = new AbortController()
    const counted = orderedBatches(database.pool, harvest, { shards: heldOut(), batchSize: 7 })
    const without = await measureReconstruction({ dictionary, batches: counted, signal })
    const every = everyRow(database.pool, harvest, heldOut())
    const within = await measureReconstruction({ dictionary, batches: every, signal })
    dictionary.dispose()

    const shards = [3, 4].map((idx) => harvest.shard(idx))
    const real = shards.flatMap(({ tokens }) => [...tokens]).filter((token) => token >= 0).length
    expect(within.figures.tokens).toBe(real)
    expect(without.figures.tokens).toBe(real - 4)
    expect(without.figures.explainedVariance).toBeLessThan(0.3)
    expect(within.figures.explainedVariance).toBeGreaterThan(0.98)
    expect(without.fired[0]! + without.fired[1]!).toBe(without.figures.tokens)
  })

  it('stops after the wanted number of tokens, and when cancelled', async () => {
    const dictionary = firstCoordinate()
    const batches = () => orderedBatches(database.pool, harvest, { shards: heldOut(), batchSize: 7 })
    const some = await measureReconstruction({
      dictionary,
      batches: batches(),
      atMost: 10,
      signal: AbortSignal.timeout(9e4),
    })
    expect(some.figures.tokens).toBe(14)
    const cancelled = measureReconstruction({ dictionary, batches: batches(), signal: AbortSignal.abort() })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    dictionary.dispose()
  })
})
