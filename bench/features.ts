/**
 * Measures the speed of feature statistics, and their size in the database.
 *
 *   npx tsx bench/features.ts [--tokens 65536] [--d-sae 4608] [--k 32]
 *
 * The dictionary has random directions. The stored activations are sums of these directions and noise. Feature frequencies
 * follow Zipf's law, and some features last for a whole context, so the real encoder returns codes with the spread of
 * densities of a trained dictionary. Timed: reading the stored activations, encoding, statistics, logits over a vocabulary
 * of 49,152, neighbours, packing, writing. Not timed: the forward pass of a language model.
 */
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { computeFeaturePart, decoderRows, featureParts } from '../trainer/dashboards/compute'
import { unembeddingOnly } from '../trainer/dashboards/planted.testing'
import { writeFeaturePart } from '../trainer/dashboards/table'
import { silentStage } from '../trainer/progress'
import { Dictionary } from '../trainer/sae/dictionary/dictionary'
import { countRows } from '../trainer/store/measure'
import { splitShards } from '../trainer/store/layout'
import { orderedBatches } from '../trainer/store/orderedStream'
import { partitionName } from '../trainer/store/partitions'
import { loadBackend } from '../trainer/tensors/backend'
import { createRandom } from '../trainer/tensors/random'
import globalSetup from '../test/support/globalSetup'
import { testDatabase } from '../test/support/database'
import { storeHarvest } from '../test/support/harvest'

const [D_IN, VOCABULARY, CONTEXT, BATCH] = [576, 49_152, 128, 4096]
const REPEATS = 3

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '65536' },
    'd-sae': { type: 'string', default: '4608' },
    k: { type: 'string', default: '32' },
  },
})
const [tokens, d_sae, k] = [Number(values.tokens), Number(values['d-sae']), Number(values.k)]

const backend = await loadBackend()
// A separate database server, removed at the end.
const removeServer = await globalSetup()
const database = await testDatabase()
const { pool } = database

const noiseSource = createRandom('noise')
/** Normal noise, drawn once. Every context takes a random piece of it. */
const noise = Float32Array.from({ length: 2 ** 20 }, () => 0.05 * noiseSource.normal())

const directions = randomDirections()
const dictionary = Dictionary.create(
  { architecture: 'topk', d_in: D_IN, d_sae, activation: { kind: 'topk', k }, apply_b_dec_to_input: true },
  {
    W_enc: { shape: [D_IN, d_sae], data: transposed(directions) },
    W_dec: { shape: [d_sae, D_IN], data: directions },
    b_enc: { shape: [d_sae], data: new Float32Array(d_sae) },
    b_dec: { shape: [D_IN], data: new Float32Array(D_IN) },
  },
)
// Statistics leave out the first position of every context.
const contexts = Math.ceil(tokens / (CONTEXT - 1))
const harvest = await storeHarvest(pool, {
  d_in: D_IN,
  contextSize: CONTEXT,
  contexts: { train: contexts, heldOut: 1 },
  activations: syntheticContext,
})
const counts = await countRows(pool, harvest, 'train')
const totalTokens = counts.reduce((sum, count) => sum + count, 0)
const unembedding = tf.tidy(() => tf.randomNormal<tf.Rank.R2>([D_IN, VOCABULARY], 0, D_IN ** -0.5, 'float32', 5))
const model = unembeddingOnly(unembedding, tf.ones([D_IN]))
const decoder = decoderRows(dictionary)
const id = '00000000-0000-4000-8000-000000000000'

const runs: { seconds: number; cpuSeconds: number; featuresPerSecond: number }[] = []
let packedBytes = 0
for (let repeat = 0; repeat < REPEATS; repeat++) {
  const started = performance.now()
  const cpu = process.cpuUsage()
  for (const part of featureParts(d_sae)) {
    const rows = await computeFeaturePart({
      ...part,
      dictionary,
      decoder,
      model,
      hook: 'blocks.9.hook_resid_post',
      batches: orderedBatches(pool, harvest, { shards: splitShards(harvest, 'train'), batchSize: BATCH }),
      contextSize: CONTEXT,
      contexts: harvest.shards * harvest.contextsPerShard,
      totalTokens,
      seed: 0,
      stage: silentStage(),
    })
    await writeFeaturePart(pool, id, part, rows)
    packedBytes = rows.reduce((sum, { packed }) => sum + packed.length, 0) / rows.length
  }
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  runs.push({ seconds, cpuSeconds: (user + system) / 1e6, featuresPerSecond: d_sae / seconds })
}

// A user's table is written once. Repeats leave dead rows, which this removes.
await pool.query(`VACUUM FULL ${partitionName('feature', id)}`)
const { rows: sizes } = await pool.query<{ bytes: number; dead: number; dense: number }>(
  `SELECT pg_total_relation_size('${partitionName('feature', id)}')::float8 AS bytes,
          count(*) FILTER (WHERE fire_count = 0)::int AS dead, count(*) FILTER (WHERE density > 0.1)::int AS dense
   FROM feature WHERE dictionary_id = $1`,
  [id],
)
const median = [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(REPEATS / 2)]!
const { bytes, dead, dense } = sizes[0]!
console.log(
  JSON.stringify({
    bench: 'features',
    engine: backend.fingerprint,
    d_in: D_IN,
    d_sae,
    k,
    tokens: totalTokens,
    featuresPerSecond: Math.round(median.featuresPerSecond),
    seconds: Number(median.seconds.toFixed(2)),
    runs: runs.map(({ seconds, cpuSeconds }) => ({ seconds: +seconds.toFixed(2), cpuSeconds: +cpuSeconds.toFixed(2) })),
    bytesPerFeature: Math.round(bytes / d_sae),
    packedBytesPerFeature: Math.round(packedBytes),
    deadFeatures: dead,
    featuresOverTenPercent: dense,
  }),
)
await database[Symbol.asyncDispose]()
await removeServer()

function randomDirections(): Float32Array {
  const random = createRandom('directions')
  const rows = Float32Array.from({ length: d_sae * D_IN }, () => random.normal())
  for (let f = 0; f < d_sae; f++) {
    const row = rows.subarray(f * D_IN, (f + 1) * D_IN)
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    row.forEach((value, i) => (row[i] = value / norm))
  }
  return rows
}

function transposed(rows: Float32Array): Float32Array {
  const columns = new Float32Array(rows.length)
  for (let f = 0; f < d_sae; f++) for (let i = 0; i < D_IN; i++) columns[i * d_sae + f] = rows[f * D_IN + i]!
  return columns
}

/** One context `[CONTEXT × D_IN]`: a third of the features of a token last for the context, the others are drawn. */
function syntheticContext(context: number): Float32Array {
  const random = createRandom(`context ${context}`)
  // Inverse of the distribution function of 1 / (rank + 10).
  const zipf = (): number => Math.min(d_sae - 1, Math.floor(10 * ((d_sae / 10 + 1) ** random.next() - 1)))
  const lasting = Array.from({ length: Math.floor(k / 3) }, zipf)
  const start = random.int(noise.length - CONTEXT * D_IN)
  const data = noise.slice(start, start + CONTEXT * D_IN)
  for (let position = 0; position < CONTEXT; position++) {
    const drawn = Array.from({ length: k - lasting.length }, zipf)
    for (const feature of [...lasting, ...drawn]) {
      const strength = 1 + 4 * random.next()
      for (let i = 0; i < D_IN; i++) data[position * D_IN + i]! += strength * directions[feature * D_IN + i]!
    }
  }
  return data
}
