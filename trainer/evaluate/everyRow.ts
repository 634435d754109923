import type { Pool } from 'pg'
import { PADDING } from '../positions'
import { decodeActivations } from '../store/dtype'
import type { MeasuredLayout } from '../store/layout'
import { readShardRows } from '../store/shardRows'

/**
 * Every stored activation of shards `[from, to)` but padding: also the first positions and sinks that are left out
 * everywhere else. For the one test that shows what they would do to the figures.
 */
export async function* everyRow(
  pool: Pool,
  layout: MeasuredLayout,
  { from, to }: { from: number; to: number },
): AsyncGenerator<{ n: number; x: Float32Array }> {
  const shards = Array.from({ length: to - from }, (_, i) => from + i)
  for await (const { data, tokens } of readShardRows(pool, layout, shards)) {
    const width = layout.d_in
    const x = decodeActivations(data, layout.dtype)
    let n = 0
    for (const [row, token] of tokens.entries()) {
      if (token !== PADDING) x.copyWithin(n++ * width, row * width, (row + 1) * width)
    }
    yield { n, x: x.subarray(0, n * width) }
  }
}
