/** Small harvests with known content. */
import type { Pool } from 'pg'
import { transaction } from '../../trainer/store/database'
import { writeContexts, type ContextShard } from '../../trainer/store/contexts'
import { encodeActivations, decodeActivations, type ActivationDtype } from '../../trainer/store/dtype'
import { planShards, type HarvestLayout, type MeasuredLayout } from '../../trainer/store/layout'
import { measureHarvest } from '../../trainer/store/measure'
import { createHarvestStore, storeShards, type NewShard } from '../../trainer/store/shards'
import { createRandom } from '../../trainer/tensors/random'

export interface TestHarvestOptions {
  dtype?: ActivationDtype
  d_in?: number
  /** Also store targets of this width: the activation's first value, then twice it, and so on. */
  d_out?: number
  /** Also store gradients: the activations, negated. */
  gradients?: boolean
  contextSize?: number
  /** Overrides the rule of 1 MB a shard, which would put every small harvest into one shard. */
  contextsPerShard?: number
  contexts?: { train: number; heldOut: number }
  seed?: number
  /** Activations of a context `[contextSize * d_in]`; by default normal numbers, the first row a hundred times larger. */
  activations?: (context: number) => Float32Array
}

export interface TestHarvest extends MeasuredLayout {
  shard(idx: number): NewShard & ContextShard
}

/** Metadata rows of a harvest without shards. */
export async function insertHarvest(pool: Pool, layout: Omit<HarvestLayout, 'harvestId'>): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH m AS (INSERT INTO model (name, family, config, source, files, weights_hash)
                VALUES (gen_random_uuid(), 'llama', '{}', 'test', '{}', '') RETURNING id),
          c AS (INSERT INTO corpus (name, source, hash, documents) VALUES (gen_random_uuid(), 'test', '', 1) RETURNING id)
     INSERT INTO harvest (name, model_id, corpus_id, hook, dtype, context_size, d_in, seed, tokens_wanted, train_shards,
                          shards, contexts_per_shard, provenance, target_hook, d_out, gradients)
     SELECT gen_random_uuid(), m.id, c.id, 'blocks.0.hook_resid_post', $1, $2, $3, 0, 1, $4, $5, $6, '{}',
            CASE WHEN $7::int IS NULL THEN NULL ELSE 'blocks.1.hook_mlp_out' END, $7, $8 FROM m, c
     RETURNING id`,
    [
      layout.dtype,
      layout.contextSize,
      layout.d_in,
      layout.trainShards,
      layout.shards,
      layout.contextsPerShard,
      layout.d_out ?? null,
      layout.gradients ?? false,
    ],
  )
  return rows[0]!.id
}

/**
 * A complete harvest: every context ends with a few tokens of padding, the first row of each is large, and one row of
 * every third context is a sink.
 */
export async function storeHarvest(pool: Pool, options: TestHarvestOptions = {}): Promise<TestHarvest> {
  const { dtype = 'f32', d_in = 8, contextSize = 16, contexts = { train: 20, heldOut: 6 } } = options
  const planned = planShards(
    { harvestId: '', dtype, d_in, d_out: options.d_out, gradients: options.gradients, contextSize },
    contexts,
  )
  const layout = options.contextsPerShard ? replan(planned, options.contextsPerShard, contexts) : planned
  layout.harvestId = await insertHarvest(pool, layout)
  const shard = (idx: number) => makeShard(layout, idx, contexts, options)
  const all = Array.from({ length: layout.shards }, (_, idx) => shard(idx))
  await transaction(pool, async (client) => {
    await createHarvestStore(client, layout.harvestId)
    await writeContexts(client, layout, all)
  })
  await storeShards(pool, layout, all)
  const { medianNorm } = await measureHarvest(pool, layout)
  return { ...layout, medianNorm, shard }
}

/** The values as the store returns them. */
export function asStored(values: Float32Array, dtype: ActivationDtype): Float32Array {
  return decodeActivations(encodeActivations(values, dtype), dtype)
}

function replan(layout: HarvestLayout, contextsPerShard: number, contexts: { train: number; heldOut: number }) {
  const trainShards = Math.ceil(contexts.train / contextsPerShard)
  const shards = trainShards + Math.ceil(contexts.heldOut / contextsPerShard)
  return { ...layout, contextsPerShard, trainShards, shards }
}

function makeShard(
  layout: HarvestLayout,
  idx: number,
  contexts: { train: number; heldOut: number },
  { seed = 0, activations }: TestHarvestOptions,
): NewShard & ContextShard {
  const { contextSize, d_in, contextsPerShard, trainShards } = layout
  const inSplit = idx < trainShards ? contexts.train : contexts.heldOut
  const first = (idx < trainShards ? idx : idx - trainShards) * contextsPerShard
  const count = Math.min(contextsPerShard, inSplit - first)
  const tokens = new Int32Array(count * contextSize)
  const values = new Float32Array(tokens.length * d_in)
  for (let c = 0; c < count; c++) {
    const context = idx * contextsPerShard + c
    const made = activations?.(context) ?? randomContext(layout, context, seed)
    values.set(made, c * contextSize * d_in)
    const length = contextSize - (context % 3)
    for (let p = 0; p < contextSize; p++)
      tokens[c * contextSize + p] = p < length ? (context * contextSize + p) % 1000 : -1
  }
  const documents = Int32Array.from({ length: count }, (_, c) => first + c)
  const { d_out, gradients } = layout
  return {
    idx,
    heldOut: idx >= trainShards,
    documents,
    tokens,
    activations: values,
    ...(d_out !== undefined && { target: targetsOf(values, d_in, d_out) }),
    ...(gradients && { gradient: values.map((value) => -value) }),
  }
}

function targetsOf(values: Float32Array, d_in: number, d_out: number): Float32Array {
  return Float32Array.from({ length: (values.length / d_in) * d_out }, (_, at) => {
    const row = Math.floor(at / d_out)
    return values[row * d_in]! * (1 + (at % d_out))
  })
}

function randomContext({ contextSize, d_in }: HarvestLayout, context: number, seed: number): Float32Array {
  const random = createRandom(`test harvest ${seed}, context ${context}`)
  const values = Float32Array.from({ length: contextSize * d_in }, () => random.normal())
  const scale = (row: number, by: number) => {
    for (let i = row * d_in; i < (row + 1) * d_in; i++) values[i]! *= by
  }
  scale(0, 100)
  if (context % 3 === 1) scale(5, 50)
  return values
}

/** A harvest of 70 contexts in 14 shards, finished, so that runs can train on it. */
export async function storeFinishedHarvest(pool: Pool): Promise<TestHarvest> {
  const stored = await storeHarvest(pool, { contexts: { train: 60, heldOut: 10 }, contextsPerShard: 5 })
  await pool.query(`UPDATE harvest SET status = 'finished', median_norm = $2, tokens = 1 WHERE id = $1`, [
    stored.harvestId,
    stored.medianNorm,
  ])
  return stored
}
