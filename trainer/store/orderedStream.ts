/** Stored activations in the order of their contexts, for statistics and evaluation. */
import type { Pool } from 'pg'
import { rowCopier } from './dtype'
import type { Companion, MeasuredLayout } from './layout'
import { emptyRows, firstRows, type PartRows, ROWS_OF } from './partRows'
import { prefetch } from './prefetch'
import { partsOf, partWidth, readShardRows, shardBytes, type ShardPart } from './shardRows'

/** Rows that count, with the position of each. The last batch of a range may be shorter than the others. */
export interface OrderedBatch extends PartRows {
  n: number
  /** `[n]` context number, as in the database's `loupe_activation(harvest, context, position)`. */
  context: Int32Array
  /** `[n]` position in the context. */
  position: Int32Array
  /** `[n]` token id. */
  token: Int32Array
}

export interface OrderedStreamOptions {
  /** Shards `[from, to)`; `splitShards` returns the shards of a split. */
  shards: { from: number; to: number }
  batchSize: number
  /** Companions to read with the activations. Default: none. */
  companions?: readonly Companion[]
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
  { shards: { from, to }, batchSize, companions = [] }: OrderedStreamOptions,
): AsyncGenerator<OrderedBatch, void, undefined> {
  const shards = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
  const memory = (_: number, part: ShardPart) => new ArrayBuffer(shardBytes(layout, part))
  const empty = (): OrderedBatch => ({ ...emptyRows(layout, companions, batchSize), ...emptyPlaces(batchSize) })
  let batch = empty()
  for await (const shard of readShardRows(pool, layout, shards, { companions, memory })) {
    const copiers = partsOf(companions).map((part) => {
      const stored = part === 'data' ? shard.data : shard.companions[part]!
      return [
        ROWS_OF[part],
        rowCopier(stored.buffer as ArrayBuffer, layout.dtype, partWidth(layout, part)),
        partWidth(layout, part),
      ] as const
    })
    for (const row of shard.counted) {
      for (const [name, copyRow, width] of copiers) copyRow(row, batch[name]!, batch.n * width)
      batch.context[batch.n] = shard.idx * layout.contextsPerShard + Math.floor(row / layout.contextSize)
      batch.position[batch.n] = row % layout.contextSize
      batch.token[batch.n] = shard.tokens[row]!
      if (++batch.n < batchSize) continue
      yield batch
      batch = empty()
    }
  }
  if (batch.n > 0) yield shortened(layout, batch)
}

function emptyPlaces(size: number) {
  return { n: 0, context: new Int32Array(size), position: new Int32Array(size), token: new Int32Array(size) }
}

function shortened(layout: MeasuredLayout, { n, context, position, token, ...rows }: OrderedBatch): OrderedBatch {
  return {
    n,
    ...firstRows(layout, rows, n),
    context: context.slice(0, n),
    position: position.slice(0, n),
    token: token.slice(0, n),
  }
}
