/** Writing and checking the shards of a harvest. */
import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import { LoupeError } from '../errors'
import { readBinary } from './binary'
import { transaction, type Queryable } from './database'
import { PADDING } from '../positions'
import { encodeActivations, toBytes } from './dtype'
import { COMPANIONS, companionWidth, type HarvestLayout } from './layout'
import { missingShard } from './missing'
import { createPartition, dropPartition } from './partitions'
import { rowNorms } from '../tensors/arrays'

/** One shard as a model computes it. */
export interface NewShard {
  idx: number
  /** `[contexts, contextSize]` as planned; −1 is padding. */
  tokens: Int32Array
  /** `[contexts * contextSize, d_in]`; rows of padding are stored as zeros whatever they hold. */
  activations: Float32Array
  /** `[contexts * contextSize, d_out]`, where the harvest has targets. */
  target?: Float32Array
  /** `[contexts * contextSize, d_in]`, where the harvest has gradients. */
  gradient?: Float32Array
}

export interface StoredShard {
  idx: number
  /** Rows, padding included. */
  n_tokens: number
  /** Hex digest of the stored activations and companions. */
  sha256: string
}

/** Creates the partitions for a harvest's shards; idempotent. */
export async function createHarvestStore(database: Queryable, harvestId: string): Promise<void> {
  await createPartition(database, 'activation_shard', harvestId)
  await createPartition(database, 'context_shard', harvestId)
}

/** Removes all shards of a harvest; idempotent. */
export async function dropHarvestStore(database: Queryable, harvestId: string): Promise<void> {
  await dropPartition(database, 'activation_shard', harvestId)
  await dropPartition(database, 'context_shard', harvestId)
}

/**
 * Stores shards, all of them or none, and returns the numbers of the new ones: a rerun adds missing shards and leaves the
 * rest. Content is deterministic, so a stored shard that differs is refused with `mismatch`.
 */
export async function storeShards(pool: Pool, layout: HarvestLayout, shards: readonly NewShard[]): Promise<number[]> {
  const encoded = shards.map((shard) => encodeShard(layout, shard))
  return transaction(pool, async (client) => {
    const stored: number[] = []
    for (const shard of encoded) if (await insertShard(client, layout, shard)) stored.push(shard.idx)
    return stored
  })
}

/** The stored shards in order. */
export async function listShards(database: Queryable, harvestId: string): Promise<StoredShard[]> {
  const { rows } = await database.query<StoredShard>(
    `SELECT idx, n_tokens, encode(sha256, 'hex') AS sha256 FROM activation_shard WHERE harvest_id = $1 ORDER BY idx`,
    [harvestId],
  )
  return rows
}

/** Numbers of the missing shards, ascending. */
export async function missingShards(database: Queryable, layout: HarvestLayout): Promise<number[]> {
  const stored = new Set((await listShards(database, layout.harvestId)).map(({ idx }) => idx))
  return Array.from({ length: layout.shards }, (_, idx) => idx).filter((idx) => !stored.has(idx))
}

/** One digest for the content of a whole harvest: sha256 over the digests of its shards and of their tokens, in order. */
export async function harvestDigest(database: Queryable, harvestId: string): Promise<string> {
  const { rows } = await database.query<{ digest: string }>(
    `SELECT encode(sha256(coalesce(string_agg(a.sha256 || sha256(c.tokens), '' ORDER BY idx), '')), 'hex') AS digest
     FROM activation_shard a JOIN context_shard c USING (harvest_id, idx) WHERE harvest_id = $1`,
    [harvestId],
  )
  return rows[0]!.digest
}

/** Numbers of the shards whose bytes no longer match their digest. Computed in the database; nothing is sent. */
export async function damagedShards(database: Queryable, harvestId: string): Promise<number[]> {
  const { rows } = await database.query<{ idx: number }>(
    `SELECT idx FROM activation_shard WHERE harvest_id = $1
       AND sha256(data || coalesce(target, '') || coalesce(gradient, '')) <> sha256 ORDER BY idx`,
    [harvestId],
  )
  return rows.map(({ idx }) => idx)
}

/** The activations of these shards as stored, in this order. Throws `not-found` at the first missing shard. */
export async function* readShards(
  pool: Pool,
  harvestId: string,
  idxs: readonly number[],
): AsyncGenerator<{ idx: number; data: Buffer }, void, undefined> {
  const text = `SELECT s.idx, s.data FROM unnest($2::int4[]) WITH ORDINALITY AS wanted (idx, place)
    JOIN activation_shard s ON s.harvest_id = $1 AND s.idx = wanted.idx ORDER BY wanted.place`
  let next = 0
  for await (const [idx, data] of readBinary(pool, { text, values: [harvestId, idxs] })) {
    if (idx!.readInt32BE() !== idxs[next]) break
    next++
    yield { idx: idx!.readInt32BE(), data: data! }
  }
  if (next < idxs.length) throw missingShard(harvestId, idxs[next]!)
}

interface EncodedShard extends Record<'target' | 'gradient', Buffer | null> {
  idx: number
  n_tokens: number
  digest: Buffer
  norms: Buffer
  data: Buffer
}

function encodeShard(layout: HarvestLayout, shard: NewShard): EncodedShard {
  requireShape(layout, shard)
  const { idx, tokens, activations, target, gradient } = shard
  const values = withoutPadding(tokens, activations)
  const encoded = (of: Float32Array | undefined) => of && encodeActivations(withoutPadding(tokens, of), layout.dtype)
  const parts = { data: encodeActivations(values, layout.dtype), target: encoded(target), gradient: encoded(gradient) }
  const digest = createHash('sha256')
  for (const part of Object.values(parts)) if (part) digest.update(part)
  return {
    idx,
    n_tokens: tokens.length,
    digest: digest.digest(),
    norms: toBytes(rowNorms(values, layout.d_in)),
    data: parts.data,
    target: parts.target ?? null,
    gradient: parts.gradient ?? null,
  }
}

async function insertShard(client: PoolClient, layout: HarvestLayout, shard: EncodedShard): Promise<boolean> {
  const { idx, n_tokens, digest, norms, data, target, gradient } = shard
  const { rowCount } = await client.query(
    `INSERT INTO activation_shard (harvest_id, idx, n_tokens, dtype, sha256, norms, data, target, gradient)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [layout.harvestId, idx, n_tokens, layout.dtype, digest, norms, data, target, gradient],
  )
  if (rowCount === 1) return true
  const { rows } = await client.query<{ sha256: Buffer }>(
    'SELECT sha256 FROM activation_shard WHERE harvest_id = $1 AND idx = $2',
    [layout.harvestId, idx],
  )
  if (rows[0]?.sha256.equals(digest)) return false
  throw new LoupeError('mismatch', `shard ${idx} is stored with other content than this process computed`, {
    remedy:
      'model, corpus or engine have changed: start a new harvest, or continue with the engine that started this one',
  })
}

function requireShape(layout: HarvestLayout, shard: NewShard): void {
  const { idx, tokens, activations } = shard
  const contexts = tokens.length / layout.contextSize
  const fits =
    Number.isInteger(contexts) &&
    contexts >= 1 &&
    contexts <= layout.contextsPerShard &&
    activations.length === tokens.length * layout.d_in &&
    idx >= 0 &&
    idx < layout.shards
  const wrong = COMPANIONS.find(
    (companion) => shard[companion]?.length !== lengthOf(tokens.length, companionWidth(layout, companion)),
  )
  if (fits && !wrong) return
  const sizes = [
    `${activations.length} values`,
    ...COMPANIONS.flatMap((companion) => (shard[companion] ? [`${shard[companion].length} of the ${companion}`] : [])),
  ]
  const expected = COMPANIONS.flatMap((companion) => {
    const width = companionWidth(layout, companion)
    return width === undefined ? [] : [`, ${width} of the ${companion}`]
  })
  throw new LoupeError(
    'bad-input',
    `shard ${idx} has ${tokens.length} tokens and ${sizes.join(', ')}; the harvest has ${layout.shards} ` +
      `shards of up to ${layout.contextsPerShard} contexts of ${layout.contextSize} tokens of ${layout.d_in} values` +
      expected.join(''),
  )
}

function lengthOf(rows: number, width: number | undefined): number | undefined {
  return width === undefined ? undefined : rows * width
}

/** `[rows, …]` with zeros in the rows of padding. */
function withoutPadding(tokens: Int32Array, values: Float32Array): Float32Array {
  if (!tokens.includes(PADDING)) return values
  const width = values.length / tokens.length
  const kept = values.slice()
  for (let row = 0; row < tokens.length; row++) {
    if (tokens[row] === PADDING) kept.fill(0, row * width, (row + 1) * width)
  }
  return kept
}
