/** Stored activations in the order of training. */
import type { Pool } from 'pg'
import { LoupeError } from '../errors'
import { rowCopier } from './dtype'
import { splitShards, type Companion, type MeasuredLayout, type Split } from './layout'
import { countRows } from './measure'
import { prefetch } from './prefetch'
import { emptyRows, type PartRows, ROWS_OF } from './partRows'
import { partsOf, partWidth, readShardRows, shardBytes, type ShardPart } from './shardRows'
import { shuffledWindows } from './shuffle'

/** Stored bytes that are shuffled together. */
const WINDOW_BYTES = 64 * 2 ** 20
const PREFETCHED_BATCHES = 2
/** Connections that load a window: the server prepares the bytes of one while the bytes of the other are read. */
const CONNECTIONS = 2

/** The caller may keep its arrays. */
export interface TrainingBatch extends PartRows {
  /** Where this batch starts in the infinite sequence of rows; the next one starts at `row + batchSize`. */
  row: number
}

export interface TrainingStreamOptions {
  split: Split
  batchSize: number
  seed: number | string
  /** First row. The same rows follow as in a stream that has reached this row. */
  startRow?: number
  /** Shards that are shuffled together. Part of the order: keep it with the run. */
  windowShards?: number
  /** Companions to read with the activations. The order of the rows does not depend on them. Default: none. */
  companions?: readonly Companion[]
}

/** The number of shards that make a window of 64 MB as stored. */
export function defaultWindowShards(layout: MeasuredLayout): number {
  return Math.max(1, Math.floor(WINDOW_BYTES / shardBytes(layout)))
}

/**
 * Endless batches of the rows that count, epoch after epoch: every row once per epoch, in an order that depends only on
 * seed, window and row offset. A batch may cross windows and epochs. Memory: one window as stored (64 MB of activations,
 * plus the companions) and three batches, one of which the consumer holds.
 * @throws LoupeError if the harvest does not store a requested companion
 */
export async function* trainingBatches(
  pool: Pool,
  layout: MeasuredLayout,
  options: TrainingStreamOptions,
): AsyncGenerator<TrainingBatch, void, undefined> {
  for (const companion of options.companions ?? []) partWidth(layout, companion)
  const rowsPerShard = await countRows(pool, layout, options.split)
  if (rowsPerShard.every((rows) => rows === 0)) {
    throw new LoupeError('bad-input', `harvest ${layout.harvestId} has no ${options.split} row that counts`, {
      remedy: 'harvest more tokens: a fifth of the documents are held out, and first positions do not count',
    })
  }
  yield* prefetch(gatherBatches(pool, layout, options, rowsPerShard), PREFETCHED_BATCHES)
}

async function* gatherBatches(
  pool: Pool,
  layout: MeasuredLayout,
  options: TrainingStreamOptions,
  rowsPerShard: readonly number[],
): AsyncGenerator<TrainingBatch, void, undefined> {
  const { batchSize, seed, startRow = 0, windowShards = defaultWindowShards(layout), companions = [] } = options
  const { from } = splitShards(layout, options.split)
  const slots: Slots = new Map(partsOf(companions).map((part) => [part, []]))
  let batch: TrainingBatch = { ...emptyRows(layout, companions, batchSize), row: startRow }
  let filled = 0
  for (const window of shuffledWindows({ seed: `${seed}/${options.split}`, rowsPerShard, windowShards }, startRow)) {
    const shards = window.shards.map((shard) => shard + from)
    const copyRow = await loadWindow(pool, layout, shards, slots)
    for (let i = Math.max(0, startRow - window.start); i < window.order.length; i++) {
      copyRow(window.order[i]!, batch, filled)
      if (++filled < batchSize) continue
      yield batch
      batch = { ...emptyRows(layout, companions, batchSize), row: batch.row + batchSize }
      filled = 0
    }
  }
}

/** Memory for a window's shards, by part, reused from window to window. */
type Slots = Map<ShardPart, ArrayBuffer[]>

/** Copies one of a window's counted rows, numbered through its shards, to a row of a batch. */
type CopyRow = (row: number, target: PartRows, at: number) => void

async function loadWindow(
  pool: Pool,
  layout: MeasuredLayout,
  shards: readonly number[],
  slots: Slots,
): Promise<CopyRow> {
  const counted = new Array<Uint32Array>(shards.length)
  const slot = (part: ShardPart, index: number) =>
    (slots.get(part)![index] ??= new ArrayBuffer(shardBytes(layout, part)))
  const companions = [...slots.keys()].filter((part) => part !== 'data')
  const loadPart = async (first: number, end: number) => {
    let index = first
    const asked = shards.slice(first, end)
    if (asked.length === 0) return
    const memory = (n: number, part: ShardPart) => slot(part, first + n)
    for await (const shard of readShardRows(pool, layout, asked, { companions, memory }))
      counted[index++] = shard.counted
  }
  const size = Math.ceil(shards.length / CONNECTIONS)
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, part) => loadPart(part * size, (part + 1) * size)))
  return copyFromSlots(layout, slots, counted)
}

function copyFromSlots(layout: MeasuredLayout, slots: Slots, counted: readonly Uint32Array[]): CopyRow {
  const copiers = [...slots].map(([part, memory]) => {
    const width = partWidth(layout, part)
    const ofSlot = counted.map((_, slot) => rowCopier(memory[slot]!, layout.dtype, width))
    const name = ROWS_OF[part]
    return (slot: number, row: number, target: PartRows, at: number) => ofSlot[slot]!(row, target[name]!, at * width)
  })
  const total = counted.reduce((sum, rows) => sum + rows.length, 0)
  const slotOf = new Uint32Array(total)
  const rowOf = new Uint32Array(total)
  let at = 0
  for (const [slot, rows] of counted.entries()) {
    slotOf.fill(slot, at, at + rows.length)
    rowOf.set(rows, at)
    at += rows.length
  }
  return (row, target, place) => {
    for (const copy of copiers) copy(slotOf[row]!, rowOf[row]!, target, place)
  }
}
