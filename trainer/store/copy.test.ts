import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { copyInto, type CopyRow } from './copy'
import { transaction } from './database'

const database = await testDatabase()
const { pool } = database
afterAll(() => database[Symbol.asyncDispose]())

const COLUMNS = [
  { name: 'i2', type: 'int2' },
  { name: 'i4', type: 'int4' },
  { name: 'i8', type: 'int8' },
  { name: 'f4', type: 'float4' },
  { name: 'f8', type: 'float8' },
  { name: 'yes', type: 'bool' },
  { name: 'the text', type: 'text' },
  { name: 'id', type: 'uuid' },
  { name: 'bytes', type: 'bytea' },
  { name: 'list', type: 'int4[]' },
] as const
const ID = '0123abcd-4567-89ab-cdef-0123456789ab'

await pool.query(`CREATE TABLE every_type (i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, yes bool, "the text" text,
  id uuid, bytes bytea, list int4[])`)

const copy = (rows: Iterable<CopyRow> | AsyncIterable<CopyRow>) =>
  transaction(pool, (client) => copyInto(client, 'every_type', COLUMNS, rows))

describe('copyInto', () => {
  it('writes every type, its extremes and NULL as the server reads them back', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 92])
    const rows: CopyRow[] = [
      [-32768, -(2 ** 31), -(2n ** 63n), -1.5, Math.PI, true, 'žluť 🦊 \\N\n\t', ID, bytes, [1, -2, 2 ** 31 - 1]],
      [32767, 2 ** 31 - 1, 2 ** 53 - 1, Infinity, 5e-324, false, '', ID, new Uint8Array(0), []],
      [0, 0, 0, NaN, NaN, false, 'x', ID, bytes.subarray(1, 3), Int32Array.of(7)],
      Array.from({ length: 10 }, () => null),
    ]
    expect(await copy(rows)).toBe(4)
    const { rows: found } = await pool.query({ text: 'SELECT * FROM every_type', rowMode: 'array' })
    expect(found).toEqual([
      [
        -32768,
        -(2 ** 31),
        '-9223372036854775808',
        -1.5,
        Math.PI,
        true,
        'žluť 🦊 \\N\n\t',
        ID,
        bytes,
        [1, -2, 2147483647],
      ],
      [32767, 2 ** 31 - 1, '9007199254740991', Infinity, 5e-324, false, '', ID, Buffer.alloc(0), []],
      [0, 0, '0', NaN, NaN, false, 'x', ID, Buffer.from([255, 10]), [7]],
      Array.from({ length: 10 }, () => null),
    ])
  })

  it('writes a stream of many rows, larger than its batches', async () => {
    await pool.query('CREATE TABLE many (i int4, data bytea)')
    const columns = [
      { name: 'i', type: 'int4' },
      { name: 'data', type: 'bytea' },
    ] as const
    async function* rows() {
      for (let i = 0; i < 5_000; i++) {
        if (i % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
        yield [i, Buffer.alloc(i === 2_500 ? 3_000_000 : i % 100, i)] as const
      }
    }
    expect(await transaction(pool, (client) => copyInto(client, 'many', columns, rows()))).toBe(5_000)
    const { rows: wrong } = await pool.query(
      `SELECT i FROM many WHERE octet_length(data) <> CASE i WHEN 2500 THEN 3000000 ELSE i % 100 END
         OR octet_length(data) > 0 AND get_byte(data, 0) <> i % 256`,
    )
    expect(wrong).toEqual([])
  })

  it('writes nothing when a value does not fit, the source fails or the server refuses', async () => {
    const { rows: before } = await pool.query('SELECT count(*) FROM every_type')
    const good: CopyRow = [1, 1, 1, 1, 1, true, 'x', ID, Buffer.alloc(0), []]
    const withValue = (column: number, value: CopyRow[number]) => [
      good,
      good.map((old, i) => (i === column ? value : old)),
    ]
    await expect(copy(withValue(0, 32768))).rejects.toThrow('row 1, column i2: the value is not a valid int2')
    await expect(copy(withValue(1, 1.5))).rejects.toThrow('column i4')
    await expect(copy(withValue(6, 'a\0b'))).rejects.toThrow('column the text')
    await expect(copy(withValue(7, 'no id'))).rejects.toThrow('column id')
    await expect(copy([good, good.slice(1)])).rejects.toThrow('row 1 has 9 values for 10 columns')
    function* failing() {
      yield good
      throw new Error('the source broke')
    }
    await expect(copy(failing())).rejects.toThrow('the source broke')
    const unknown = transaction(pool, (client) => copyInto(client, 'no_table', COLUMNS, [good]))
    await expect(unknown).rejects.toThrow('relation "no_table" does not exist')
    expect((await pool.query('SELECT count(*) FROM every_type')).rows).toEqual(before)
  })
})
