/** Bulk writing through `COPY … FROM STDIN (FORMAT binary)`. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { CopyWriter, type ColumnType, type ColumnValue } from './copyEncode'
import { quoteName } from './database'

export interface CopyColumn {
  name: string
  type: ColumnType
}

/** One value per column, in the order of the columns. */
export type CopyRow = readonly ColumnValue[]

/** Bytes collected before they are written to the socket. */
const BATCH_BYTES = 256 * 1024

/**
 * Writes rows into a table and returns their number. All or nothing: if a row cannot be encoded, the source throws or the
 * server refuses, no row is written. `client` may be inside a transaction.
 */
export async function copyInto(
  client: ClientBase,
  table: string,
  columns: readonly CopyColumn[],
  rows: Iterable<CopyRow> | AsyncIterable<CopyRow>,
): Promise<number> {
  const names = columns.map(({ name }) => quoteName(name)).join(', ')
  const copy = client.query(copyFrom(`COPY ${quoteName(table)} (${names}) FROM STDIN (FORMAT binary)`))
  await pipeline(Readable.from(batches(columns, rows), { highWaterMark: 2 }), copy)
  return copy.rowCount
}

async function* batches(
  columns: readonly CopyColumn[],
  rows: Iterable<CopyRow> | AsyncIterable<CopyRow>,
): AsyncGenerator<Buffer> {
  const writer = new CopyWriter()
  writer.header()
  let number = 0
  for await (const row of rows) {
    writeRow(writer, columns, row, number++)
    if (writer.length >= BATCH_BYTES) yield writer.take()
  }
  writer.trailer()
  yield writer.take()
}

function writeRow(writer: CopyWriter, columns: readonly CopyColumn[], row: CopyRow, number: number): void {
  if (row.length !== columns.length) {
    throw new RangeError(`row ${number} has ${row.length} values for ${columns.length} columns`)
  }
  writer.beginRow(columns.length)
  for (let i = 0; i < columns.length; i++) {
    const { name, type } = columns[i]!
    try {
      writer.field(type, row[i]!)
    } catch (cause) {
      throw new RangeError(`row ${number}, column ${name}: the value is not a valid ${type}`, { cause })
    }
  }
}
