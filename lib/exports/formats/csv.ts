/** Tables as CSV. */
import { stringify } from 'csv-stringify/sync'
import type { Batch } from '../tables/rows'
import { tableFormat, type TableSchema } from './table'

export const csv = tableFormat({
  name: 'csv',
  description: 'RFC 4180 with a header, UTF-8; lists are JSON texts',
  contentType: 'text/csv; charset=utf-8; header=present',
  encode,
})

async function* encode(table: TableSchema, batches: AsyncIterable<Batch>): AsyncGenerator<Uint8Array> {
  const names = Object.keys(table.shape)
  yield lines([names])
  for await (const { rows } of batches) {
    if (rows.length > 0) yield lines(rows.map((row) => names.map((name) => cell(row[name as keyof typeof row]))))
  }
}

/** One record at a time: in larger pieces the library joins long texts repeatedly, which is slow. */
const lines = (records: unknown[][]): Uint8Array =>
  Buffer.from(records.map((record) => `${stringify([record], { eof: false })}\r\n`).join(''))

function cell(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
