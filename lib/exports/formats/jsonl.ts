/** Tables as JSON lines. */
import type { Batch } from '../tables/rows'
import { tableFormat } from './table'

export const jsonl = tableFormat({
  name: 'jsonl',
  description: 'one JSON object a line, UTF-8',
  contentType: 'application/x-ndjson',
  encode: (_table, batches) => jsonLines(batches),
})

/** One JSON object a line. */
export async function* jsonLines(batches: AsyncIterable<Batch>): AsyncGenerator<Uint8Array> {
  for await (const { rows } of batches) {
    if (rows.length > 0) yield Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  }
}
