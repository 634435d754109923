/** Shards together with which of their rows count: what every reader of activations starts from. */
import type { Pool } from 'pg'
import { LoupeError } from '../errors'
import { readBinary, type BinaryQuery } from './binary'
import { countedRows } from './counting'
import { BYTES_PER_VALUE, float32FromBytes, int32FromBytes } from './dtype'
import type { MeasuredLayout } from './layout'
import { missingShard } from './missing'

export interface ShardRows {
  idx: number
  /** `[rows, d_in]` as stored. */
  data: Buffer
  /** `[rows]` */
  tokens: Int32Array
  /** Rows that count, ascending. */
  counted: Uint32Array
}

const TEXT = `SELECT a.idx, a.data, c.tokens, a.norms
  FROM unnest($2::int4[]) WITH ORDINALITY AS wanted (idx, place)
  JOIN activation_shard a ON a.harvest_id = $1 AND a.idx = wanted.idx
  JOIN context_shard c ON c.harvest_id = $1 AND c.idx = wanted.idx
  ORDER BY wanted.place`
const DATA_COLUMN = 1

/** Bytes of a full shard. */
export function shardBytes({ contextsPerShard, contextSize, d_in, dtype }: MeasuredLayout): number {
  return contextsPerShard * contextSize * d_in * BYTES_PER_VALUE[dtype]
}

/**
 * Shards in the asked order, over one connection. `memory(n)` may give the place for the n-th one's data, at least
 * `shardBytes` long. Throws `not-found` for a missing shard and `mismatch` for one of impossible size.
 */
export async function* readShardRows(
  pool: Pool,
  layout: MeasuredLayout,
  shards: readonly number[],
  memory?: (n: number) => ArrayBuffer,
): AsyncGenerator<ShardRows, void, undefined> {
  const allocate: BinaryQuery['allocate'] = (row, column, bytes) =>
    memory && column === DATA_COLUMN && bytes <= shardBytes(layout) ? Buffer.from(memory(row), 0, bytes) : undefined
  let next = 0
  for await (const fields of readBinary(pool, { text: TEXT, values: [layout.harvestId, shards], allocate })) {
    const [idx, data, tokenBytes, normBytes] = fields as [Buffer, Buffer, Buffer, Buffer]
    if (idx.readInt32BE() !== shards[next]) break
    const tokens = int32FromBytes(tokenBytes)
    const norms = float32FromBytes(normBytes)
    requireSize(layout, shards[next]!, data, tokens, norms)
    yield { idx: shards[next]!, data, tokens, counted: countedRows(tokens, norms, layout) }
    next++
  }
  if (next < shards.length) throw missingShard(layout.harvestId, shards[next]!)
}

function requireSize(layout: MeasuredLayout, idx: number, data: Buffer, tokens: Int32Array, norms: Float32Array): void {
  const expected = tokens.length * layout.d_in * BYTES_PER_VALUE[layout.dtype]
  if (data.length === expected && norms.length === tokens.length && expected <= shardBytes(layout)) return
  throw new LoupeError(
    'mismatch',
    `shard ${idx} of harvest ${layout.harvestId} has ${data.length} bytes for ${tokens.length} tokens, expected ${expected}`,
    { remedy: 'the shard was altered from outside: remove the harvest and make it again' },
  )
}
