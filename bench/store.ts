/**
 * Measures the speed of writing and reading activations: `npx tsx bench/store.ts [megabytes]` (default 256), on a new
 * embedded database. Prints MB/s, the median of five passes. A plain `pg` read is there for comparison.
 */
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../lib/db/client'
import { insertHarvest } from '../test/support/harvest'
import { removeHome } from '../test/support/home'
import { putBlob, readBlob } from '../trainer/store/blobs'
import { transaction } from '../trainer/store/database'
import { writeContexts } from '../trainer/store/contexts'
import { planShards, type HarvestLayout } from '../trainer/store/layout'
import { measureHarvest } from '../trainer/store/measure'
import { orderedBatches } from '../trainer/store/orderedStream'
import { createHarvestStore, listShards, readShards, storeShards, type NewShard } from '../trainer/store/shards'
import { trainingBatches } from '../trainer/store/trainingStream'
import { createRandom } from '../trainer/tensors/random'
import type { Pool } from 'pg'

const SHAPE = { contextSize: 128, d_in: 576, dtype: 'f32' as const }
const BATCH = 4096
const PASSES = 5
const MB = 2 ** 20

async function main(megabytes: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'loupe-bench-'))
  await chmod(home, 0o755)
  process.env['LOUPE_HOME'] = home
  delete process.env['DATABASE_URL']
  try {
    await using database = await openDatabase()
    await measure(database.pool, megabytes)
  } finally {
    await removeHome(home)
  }
}

async function measure(pool: Pool, megabytes: number): Promise<void> {
  const contexts = Math.ceil((megabytes * MB) / (SHAPE.contextSize * SHAPE.d_in * 4))
  const layout = planShards({ harvestId: '', ...SHAPE }, { train: contexts, heldOut: 0 })
  layout.harvestId = await insertHarvest(pool, layout)
  await write(pool, layout)
  const { medianNorm } = await measureHarvest(pool, layout)
  const measured = { ...layout, medianNorm }
  const { rows: sizes } = await pool.query<{ bytes: string }>(
    'SELECT sum(octet_length(data)) AS bytes FROM activation_shard',
  )
  const bytes = Number(sizes[0]!.bytes)
  const idxs = (await listShards(pool, layout.harvestId)).map(({ idx }) => idx)

  await report('read, plain pg (text form)', bytes, async () => {
    for (let at = 0; at < idxs.length; at += 8) {
      const part = idxs.slice(at, at + 8)
      await pool.query('SELECT idx, data FROM activation_shard WHERE harvest_id = $1 AND idx = ANY($2)', [
        layout.harvestId,
        part,
      ])
    }
  })
  await report('read, readShards', bytes, () => drain(readShards(pool, layout.harvestId, idxs)))
  await report('read, readShards on two connections', bytes, async () => {
    const half = idxs.length >> 1
    await Promise.all(
      [idxs.slice(0, half), idxs.slice(half)].map((part) => drain(readShards(pool, layout.harvestId, part))),
    )
  })
  await report(`read, orderedBatches of ${BATCH}`, bytes, () =>
    drain(orderedBatches(pool, measured, { shards: { from: 0, to: layout.shards }, batchSize: BATCH })),
  )
  await report(`read, trainingBatches of ${BATCH}, shuffled`, bytes, async () => {
    let left = bytes
    for await (const { x } of trainingBatches(pool, measured, { split: 'train', batchSize: BATCH, seed: 0 })) {
      left -= x.byteLength
      if (left <= 0) break
    }
  })
  const weights = Buffer.alloc(64 * MB, 7)
  let id = ''
  await report('write, blob of 64 MB', weights.length, async () => void ({ id } = await putBlob(pool, weights)))
  await report('read, blob of 64 MB', weights.length, async () => void (await readBlob(pool, id)))
}

async function write(pool: Pool, layout: HarvestLayout): Promise<void> {
  const random = createRandom('bench')
  const activations = Float32Array.from(
    { length: layout.contextsPerShard * SHAPE.contextSize * SHAPE.d_in },
    random.normal,
  )
  const tokens = new Int32Array(layout.contextsPerShard * SHAPE.contextSize).fill(1)
  const documents = new Int32Array(layout.contextsPerShard)
  const shards: NewShard[] = Array.from({ length: layout.shards }, (_, idx) => ({ idx, tokens, activations }))
  await transaction(pool, async (client) => {
    await createHarvestStore(client, layout.harvestId)
    await writeContexts(
      client,
      layout,
      shards.map(({ idx }) => ({ idx, heldOut: false, documents, tokens })),
    )
  })
  const started = performance.now()
  for (let at = 0; at < shards.length; at += 8) await storeShards(pool, layout, shards.slice(at, at + 8))
  print('write, storeShards (hash, norms and insert)', activations.byteLength * shards.length, [
    performance.now() - started,
  ])
}

async function report(name: string, bytes: number, pass: () => Promise<void>): Promise<void> {
  const times: number[] = []
  for (let i = 0; i < PASSES; i++) {
    const started = performance.now()
    await pass()
    times.push(performance.now() - started)
  }
  print(name, bytes, times)
}

function print(name: string, bytes: number, milliseconds: number[]): void {
  const rates = milliseconds.map((time) => bytes / MB / (time / 1000)).sort((a, b) => a - b)
  const median = rates[rates.length >> 1]!
  const spread = rates.length > 1 ? `   (${rates[0]!.toFixed(0)} to ${rates.at(-1)!.toFixed(0)})` : ''
  console.log(`${name.padEnd(46)} ${median.toFixed(0).padStart(6)} MB/s${spread}`)
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) void item
}

await main(Number(process.argv[2] ?? 256))
