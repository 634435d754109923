/**
 * The order in which training sees rows: a pure function of seed and row offset. Each epoch takes the shards in a shuffled
 * order. The rows of every window of `windowShards` consecutive shards in that order are shuffled together. The windows of
 * all epochs, one after the other, are one infinite sequence of rows.
 */
import { createRandom } from '../tensors/random'

export interface ShuffleSpec {
  seed: number | string
  /** Rows of each shard. */
  rowsPerShard: readonly number[]
  windowShards: number
}

export interface ShuffleWindow {
  /** Position in the infinite sequence of the window's first row. */
  start: number
  /** Shards in the order they are loaded; indices into `rowsPerShard`. */
  shards: readonly number[]
  /** Rows of the window in the order they are used: indices into the concatenated rows of `shards`. */
  order: Int32Array
}

/** The windows, starting with the one that holds row `startRow`. There must be at least one row. */
export function* shuffledWindows(spec: ShuffleSpec, startRow: number): Generator<ShuffleWindow, never, undefined> {
  const rowsPerEpoch = spec.rowsPerShard.reduce((sum, rows) => sum + rows, 0)
  for (let epoch = Math.floor(startRow / rowsPerEpoch); ; epoch++) {
    const shards = createRandom(`${spec.seed}/epoch ${epoch}/shards`).permutation(spec.rowsPerShard.length)
    let start = epoch * rowsPerEpoch
    for (let first = 0; first < shards.length; first += spec.windowShards) {
      const inWindow = [...shards.subarray(first, first + spec.windowShards)]
      const rows = inWindow.reduce((sum, shard) => sum + spec.rowsPerShard[shard]!, 0)
      if (rows > 0 && start + rows > startRow) {
        yield {
          start,
          shards: inWindow,
          order: createRandom(`${spec.seed}/epoch ${epoch}/rows ${first}`).permutation(rows),
        }
      }
      start += rows
    }
  }
}
