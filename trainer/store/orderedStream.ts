/** Stored activations in the order of their contexts, for statistics and evaluation. */
import type { Pool } from 'pg'
import { rowCopier } from './dtype'
import type { MeasuredLayout } from './layout'
import { prefetch } from './prefetch'
import { readShardRows, shardBytes } from './shardRows'

/** Rows that count, with where each stands. The last batch of a range may be shorter than the others. */
export interface OrderedBatch {
  n: number
  /** `[n, d_in]` */
  x: Float32Array
  /** `[n]` context number, as in the database's `loupe_activation(harvest, context, position)`. */
  context: Int32Array
  /** `[n]` position in the context. */
  position: Int32Array
  /** `[n]` token id. */
  token: Int32Array
}

export interface OrderedStreamOptions {
  /** Shards `[from, to)`; `splitShards` gives those of a split. */
  shards: { from: number; to: number }
  batchSize: number
}

/** All rows that count in a range of shards, once each, in order. A batch may cross shards. */
export function orderedBatches(
  pool: Pool,
  layout: MeasuredLayout,
  options: OrderedStreamOptions,
): AsyncGenerator<OrderedBatch, void, undefined> {
  return prefetch(gatherOrdered(pool, layout, options), 2)
}

async function* gatherOrdered(
  pool: Pool,
  layout: MeasuredLayout,
  { shards: { from, to }, batchSize }: OrderedStreamOptions,
): AsyncGenerator<OrderedBatch, void, undefined> {
  const shards = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
  let batch = emptyBatch(batchSize, layout.d_in)
  for await (const { idx, data, tokens, counted } of readShardRows(
    pool,
    layout,
    shards,
    () => new ArrayBuffer(shardBytes(layout)),
  )) {
    const copyRow = rowCopier(data.buffer as ArrayBuffer, layout.dtype, layout.d_in)
    for (const row of counted) {
      copyRow(row, batch.x, batch.n * layout.d_in)
      batch.context[batch.n] = idx * layout.contextsPerShard + Math.floor(row / layout.contextSize)
      batch.position[batch.n] = row % layout.contextSize
      batch.token[batch.n] = tokens[row]!
      if (++batch.n < batchSize) continue
      yield batch
      batch = emptyBatch(batchSize, layout.d_in)
    }
  }
  if (batch.n > 0) yield shortened(batch, layout.d_in)
}

function emptyBatch(size: number, width: number): OrderedBatch {
  return {
    n: 0,
    x: new Float32Array(size * width),
    context: new Int32Array(size),
    position: new Int32Array(size),
    token: new Int32Array(size),
  }
}

function shortened({ n, x, context, position, token }: OrderedBatch, width: number): OrderedBatch {
  return {
    n,
    x: x.slice(0, n * width),
    context: context.slice(0, n),
    position: position.slice(0, n),
    token: token.slice(0, n),
  }
}
