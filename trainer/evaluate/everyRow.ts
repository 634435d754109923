/** All stored rows, for a test of what excluded positions would change. */
import type { Pool } from 'pg'
import { PADDING } from '../positions'
import { decodeActivations } from '../store/dtype'
import type { Companion, MeasuredLayout } from '../store/layout'
import { type PartRows, ROWS_OF } from '../store/partRows'
import { partsOf, partWidth, readShardRows } from '../store/shardRows'

/**
 * Every stored activation of shards `[from, to)` except padding: includes the first positions and sinks that are left out
 * everywhere else.
 */
export async function* everyRow(
  pool: Pool,
  layout: MeasuredLayout,
  { from, to }: { from: number; to: number },
  companions: readonly Companion[] = [],
): AsyncGenerator<{ n: number } & PartRows> {
  const shards = Array.from({ length: to - from }, (_, i) => from + i)
  for await (const shard of readShardRows(pool, layout, shards, { companions })) {
    const kept = shard.tokens.reduce((n, token) => n + (token === PADDING ? 0 : 1), 0)
    const rows = partsOf(companions).map((part) => {
      const width = partWidth(layout, part)
      const values = decodeActivations(part === 'data' ? shard.data : shard.companions[part]!, layout.dtype)
      let n = 0
      for (const [row, token] of shard.tokens.entries()) {
        if (token !== PADDING) values.copyWithin(n++ * width, row * width, (row + 1) * width)
      }
      return [ROWS_OF[part], values.subarray(0, kept * width)] as const
    })
    yield { n: kept, ...(Object.fromEntries(rows) as unknown as PartRows) }
  }
}
