import { once } from 'node:events'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { readBinary } from './binary'
import { RowParser, type BinaryRow } from './rowParser'

const database = await testDatabase()
const { pool, url } = database
afterAll(() => database[Symbol.asyncDispose]())

async function collect(query: Parameters<typeof readBinary>[1], from = pool): Promise<BinaryRow[]> {
  const rows: BinaryRow[] = []
  for await (const row of readBinary(from, query)) rows.push(row)
  return rows
}

describe('readBinary', () => {
  it('returns the bytes a plain read returns, of every size and value', async () => {
    await pool.query('CREATE TABLE sizes (id int, data bytea)')
    const sizes = [0, 1, 7, 1_000, 8_192, 65_535, 65_536, 65_537, 1_048_576, 3_000_001]
    for (const [id, size] of sizes.entries()) {
      const data = Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 31 + id) & 255))
      await pool.query('INSERT INTO sizes VALUES ($1, $2)', [id, data])
    }
    await pool.query('INSERT INTO sizes VALUES (99, NULL)')
    const text = 'SELECT id, data FROM sizes ORDER BY id'
    const plain = (await pool.query<{ id: number; data: Buffer | null }>(text)).rows
    const rows = await collect({ text })
    expect(rows.map(([id]) => id!.readInt32BE())).toEqual(plain.map(({ id }) => id))
    for (const [index, { data }] of plain.entries()) {
      const found = rows[index]![1]!
      expect(data === null ? found === null : found.equals(data)).toBe(true)
    }
  })

  it('leaves the connection to the driver afterwards', async () => {
    const single = new pg.Pool({ connectionString: url, max: 1 })
    for (let i = 0; i < 3; i++) {
      expect(await collect({ text: 'SELECT $1::int4', values: [i] }, single)).toHaveLength(1)
      expect((await single.query<{ n: number }>('SELECT $1::int4 AS n', [i])).rows[0]!.n).toBe(i)
    }
    expect(await collect({ text: 'SELECT 1 WHERE false' }, single)).toEqual([])
    const client = await single.connect()
    expect(client.listenerCount('error')).toBe(0)
    client.release()
    await single.end()
  })

  it('reports what the server refuses, before and in the middle of the rows', async () => {
    await expect(collect({ text: 'SELECT nothing' })).rejects.toThrow('column "nothing" does not exist')
    await expect(collect({ text: 'SELECT 1 / (3 - i) FROM generate_series(0, 5) i' })).rejects.toThrow(
      'division by zero',
    )
    expect(await collect({ text: 'SELECT 1' })).toHaveLength(1)
  })

  it('reports a connection that is cut while rows are read', async () => {
    const single = new pg.Pool({ connectionString: url, max: 1 })
    const rows = readBinary(single, {
      text: "SELECT repeat('x', 1000000), pg_backend_pid() FROM generate_series(1, 1000)",
    })
    const first = await rows.next()
    const pid = first.value![1]!.readInt32BE()
    await pool.query('SELECT pg_terminate_backend($1)', [pid])
    await expect(
      (async () => {
        for await (const row of rows) expect(row).toHaveLength(2)
      })(),
    ).rejects.toThrow(/terminat/)
    await single.end()
  })

  it('pauses the socket while nobody reads, and closes it when the reader stops early', async () => {
    const single = new pg.Pool({ connectionString: url, max: 1 })
    const rows = readBinary(single, { text: "SELECT repeat('x', 1000000) FROM generate_series(1, 500)" })
    await rows.next()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(200e6)
    const removed = once(single, 'remove')
    await rows.return()
    await removed
    expect(single.totalCount).toBe(0)
    await single.end()
  })

  it('writes into the caller’s memory', async () => {
    const memory = new ArrayBuffer(16)
    await collect({
      text: `SELECT i, '\\x01020304'::bytea FROM generate_series(0, 3) i`,
      allocate: (row, column, bytes) => (column === 1 ? Buffer.from(memory, row * 4, bytes) : undefined),
    })
    expect([...new Uint8Array(memory)]).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
  })
})

describe('RowParser', () => {
  it('finds the same rows wherever the chunks break', () => {
    const dataRow = (...fields: (string | null)[]) => {
      const parts = fields.map((field) => {
        const length = Buffer.alloc(4)
        length.writeInt32BE(field === null ? -1 : field.length)
        return Buffer.concat([length, Buffer.from(field ?? '')])
      })
      const body = Buffer.concat([Buffer.from([0, fields.length]), ...parts])
      const header = Buffer.from('D\0\0\0\0')
      header.writeInt32BE(body.length + 4, 1)
      return Buffer.concat([header, body])
    }
    const other = (code: string, body: string) => {
      const header = Buffer.from(`${code}\0\0\0\0`)
      header.writeInt32BE(body.length + 4, 1)
      return Buffer.concat([header, Buffer.from(body)])
    }
    const stream = Buffer.concat([
      other('T', 'columns'),
      dataRow('one', null, ''),
      dataRow(),
      other('N', 'a notice'),
      dataRow('a longer field', 'x'),
      other('Z', 'I'),
    ])
    const parse = (size: number) => {
      const seen: string[] = []
      const parser = new RowParser({
        allocate: (_row, _column, bytes) => Buffer.alloc(bytes),
        row: (fields) => seen.push(JSON.stringify(fields.map((field) => field?.toString() ?? null))),
        other: (message) => seen.push(message.toString('latin1')),
        end: () => seen.push('end'),
      })
      for (let at = 0; at < stream.length; at += size) parser.push(stream.subarray(at, at + size))
      return seen
    }
    const whole = parse(stream.length)
    expect(whole.filter((item) => item.startsWith('['))).toEqual(['["one",null,""]', '[]', '["a longer field","x"]'])
    expect(whole.at(-2)).toBe('end')
    for (let size = 1; size < 20; size++) expect(parse(size)).toEqual(whole)
  })
})
