/** The tokens of a harvest: written once when it is planned, read by every computation and page about them. */
import type { ClientBase, Pool } from 'pg'
import { readBinary } from './binary'
import { copyInto } from './copy'
import { int32FromBytes, toBytes } from './dtype'
import type { HarvestLayout } from './layout'
import { missingShard } from './missing'

/** The contexts of one shard. */
export interface ContextShard {
  idx: number
  heldOut: boolean
  /** `[contexts]` number of each context's document. */
  documents: Int32Array
  /** `[contexts, contextSize]`; −1 is padding. */
  tokens: Int32Array
}

const COLUMNS = [
  { name: 'harvest_id', type: 'uuid' },
  { name: 'idx', type: 'int4' },
  { name: 'held_out', type: 'bool' },
  { name: 'documents', type: 'int4[]' },
  { name: 'tokens', type: 'bytea' },
] as const

/** Writes the contexts of a harvest whose store exists; returns the number of shards. */
export function writeContexts(
  client: ClientBase,
  { harvestId }: HarvestLayout,
  shards: Iterable<ContextShard>,
): Promise<number> {
  function* rows() {
    for (const { idx, heldOut, documents, tokens } of shards) {
      yield [harvestId, idx, heldOut, documents, toBytes(tokens)] as const
    }
  }
  return copyInto(client, 'context_shard', COLUMNS, rows())
}

/** The contexts of these shards, in this order. Throws `not-found` for a missing shard. */
export async function readContexts(
  pool: Pool,
  { harvestId }: HarvestLayout,
  idxs: readonly number[],
): Promise<ContextShard[]> {
  const text = `SELECT s.idx, s.held_out, s.documents, s.tokens
    FROM unnest($2::int4[]) WITH ORDINALITY AS wanted (idx, place)
    JOIN context_shard s ON s.harvest_id = $1 AND s.idx = wanted.idx ORDER BY wanted.place`
  const shards: ContextShard[] = []
  for await (const fields of readBinary(pool, { text, values: [harvestId, idxs] })) {
    const [idx, heldOut, documents, tokens] = fields as [Buffer, Buffer, Buffer, Buffer]
    shards.push({
      idx: idx.readInt32BE(),
      heldOut: heldOut[0] === 1,
      documents: int4Array(documents),
      tokens: int32FromBytes(tokens),
    })
  }
  const missing = idxs.find((idx, place) => shards[place]?.idx !== idx)
  if (missing !== undefined) throw missingShard(harvestId, missing)
  return shards
}

export interface SingleContext {
  document: number
  /** `[contextSize]`; −1 is padding. */
  tokens: Int32Array
}

/**
 * Single contexts by context number (`shard * contextsPerShard + place`), for pages that show a few of many. Numbers that
 * do not exist are left out of the result.
 */
export async function readSingleContexts(
  pool: Pool,
  { harvestId, contextsPerShard, contextSize }: Pick<HarvestLayout, 'harvestId' | 'contextsPerShard' | 'contextSize'>,
  contexts: readonly number[],
): Promise<Map<number, SingleContext>> {
  const bytes = contextSize * 4
  const text = `SELECT wanted.context, s.documents[wanted.context % $3::int4 + 1],
      substring(s.tokens FROM wanted.context % $3::int4 * $4::int4 + 1 FOR $4::int4)
    FROM unnest($2::int4[]) AS wanted (context)
    JOIN context_shard s ON s.harvest_id = $1 AND s.idx = wanted.context / $3::int4`
  const byNumber = new Map<number, SingleContext>()
  const values = [harvestId, [...new Set(contexts)], contextsPerShard, bytes]
  for await (const [context, document, tokens] of readBinary(pool, { text, values })) {
    if (tokens!.length !== bytes) continue
    byNumber.set(context!.readInt32BE(), { document: document!.readInt32BE(), tokens: int32FromBytes(tokens!) })
  }
  return byNumber
}

/** A one-dimensional int4[] without NULLs in binary form: five words of header, then length and value of each item. */
function int4Array(bytes: Buffer): Int32Array {
  const items = bytes.length < 20 ? 0 : bytes.readInt32BE(12)
  return Int32Array.from({ length: items }, (_, index) => bytes.readInt32BE(24 + index * 8))
}
