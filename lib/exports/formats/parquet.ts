/** Tables as Apache Parquet. */
import type { ByteWriter } from 'hyparquet-writer'
import type { Batch } from '../tables/rows'
import { parquetColumns, parquetSchema } from './parquetSchema'
import { tableFormat, type TableSchema } from './table'

export const parquet = tableFormat({
  name: 'parquet',
  description: 'Apache Parquet with list and struct columns, Snappy',
  contentType: 'application/vnd.apache.parquet',
  encode,
})

/** A row group is encoded in one step; with token lists, more rows would block the process for seconds. */
const ROW_GROUP = 2048

async function* encode(table: TableSchema, batches: AsyncIterable<Batch>): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  const writer = new ByteWriter()
  const file = new ParquetWriter({ writer, schema: parquetSchema(table.shape), createdBy: 'loupe' })
  const columns = parquetColumns(table.shape)
  const write = (rows: object[]) =>
    file.write({ columnData: columns.map((column) => column(rows)), rowGroupSize: ROW_GROUP })
  let waiting: object[] = []
  for await (const { rows } of batches) {
    waiting = waiting.concat(rows)
    for (; waiting.length >= ROW_GROUP; waiting = waiting.slice(ROW_GROUP)) {
      await write(waiting.slice(0, ROW_GROUP))
      yield take(writer)
    }
  }
  if (waiting.length > 0) await write(waiting)
  await file.finish()
  yield take(writer)
}

/** The bytes written since the last call; the writer keeps counting offsets. */
function take(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice()
  writer.index = 0
  return bytes
}
