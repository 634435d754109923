/**
 * Reads bytea columns at the speed of the socket. The driver's text form costs two characters per byte, and its `binary`
 * option decodes fields as UTF-8, which corrupts them. So for one query the rows are taken out of the connection's byte
 * stream before the driver's parser sees them; all other messages go through the parser as usual.
 */
import type { Duplex } from 'node:stream'
import pg, { type Connection, type Pool, type PoolClient, type QueryConfig } from 'pg'
import { borrow } from './database'
import { RowParser, type BinaryRow } from './rowParser'

/** The socket pauses when this many rows wait unread. */
const QUEUED_ROWS = 4

export interface BinaryQuery {
  text: string
  values?: unknown[]
  /**
   * Memory for a field: the caller's, or undefined for new memory. `row` counts from 0 in the order of the result, so that
   * a caller who requests shards in some order knows where each belongs.
   */
  allocate?: (row: number, column: number, bytes: number) => Buffer | undefined
}

/**
 * Rows of a query as fields in Postgres's binary format (bytea: the bytes themselves; integers: big-endian). Holds one
 * connection of the pool until the last row is read; leaving early closes that connection instead of reading the rest.
 */
export async function* readBinary(pool: Pool, query: BinaryQuery): AsyncGenerator<BinaryRow, void, undefined> {
  const { client, release } = await borrow(pool)
  const rows = new RowQueue()
  let finished = false
  try {
    submit(client, query, rows)
    for (;;) {
      const row = await rows.next()
      if (!row) break
      yield row
    }
    finished = true
  } finally {
    release(!finished)
  }
}

/** Rows that the parser has delivered and the reader has not yet taken. */
class RowQueue {
  private rows: BinaryRow[] = []
  private outcome: { error?: Error } | undefined
  private wake: (() => void) | undefined
  stream: Duplex | undefined

  push(row: BinaryRow): void {
    this.rows.push(row)
    if (this.rows.length >= QUEUED_ROWS) this.stream?.pause()
    this.wake?.()
  }

  finish(error?: Error): void {
    this.outcome ??= { error }
    this.wake?.()
  }

  async next(): Promise<BinaryRow | undefined> {
    while (this.rows.length === 0) {
      if (this.outcome?.error) throw this.outcome.error
      if (this.outcome) return undefined
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
    const row = this.rows.shift()
    if (this.rows.length < QUEUED_ROWS) this.stream?.resume()
    return row
  }
}

function submit(client: PoolClient, { text, values = [], allocate }: BinaryQuery, rows: RowQueue): void {
  // Neither option is in the published types: binary results, and prepared even without parameters.
  const config = { text, values, binary: true, queryMode: 'extended' } as QueryConfig
  const query = new pg.Query(config)
  const send = query.submit.bind(query)
  query.submit = (connection: Connection) => {
    rows.stream = connection.stream
    tapRows(connection.stream, rows, allocate)
    return send(connection)
  }
  query.on('error', (error: Error) => rows.finish(error))
  query.on('end', () => rows.finish())
  // With a listener for rows the driver keeps no rows; it never sees one anyway.
  query.on('row', () => undefined)
  client.query(query)
}

/** Sits between the socket and the driver until the query's last message. */
function tapRows(stream: Duplex, rows: RowQueue, allocate: BinaryQuery['allocate']): void {
  const driver = stream.listeners('data') as ((chunk: Buffer) => void)[]
  for (const listener of driver) stream.off('data', listener)
  const parser = new RowParser({
    allocate: (row, column, bytes) => allocate?.(row, column, bytes) ?? Buffer.allocUnsafeSlow(bytes),
    row: (fields) => rows.push(fields),
    other: (message) => driver.forEach((listener) => listener(message)),
    end() {
      stream.off('data', onData)
      for (const listener of driver) stream.on('data', listener)
      // The reader may still be behind; later messages on this connection do not concern it.
      stream.resume()
    },
  })
  const onData = (chunk: Buffer) => parser.push(chunk)
  stream.on('data', onData)
}
