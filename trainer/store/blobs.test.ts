import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { deleteBlob, putBlob, putBlobWithin, readBlob, streamBlob } from './blobs'
import { transaction } from './database'

const database = await testDatabase()
const { pool } = database
afterAll(() => database[Symbol.asyncDispose]())

const content = (bytes: number) => Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + (i >> 11)) & 255))
const count = async () => (await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM blob_chunk')).rows[0]!.n

describe('blobs', () => {
  it('return what was put, of any size', async () => {
    for (const bytes of [0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 5_000_000]) {
      const data = content(bytes)
      const stored = await putBlob(pool, data)
      expect(stored).toMatchObject({ bytes, sha256: createHash('sha256').update(data).digest('hex') })
      expect((await readBlob(pool, stored.id)).equals(data)).toBe(true)
    }
  })

  it('are written from a stream in chunks of up to 1 MiB, and read as a whole', async () => {
    const data = content(3_500_000)
    async function* parts() {
      for (let at = 0; at < data.length; at += 1_400_000) {
        await new Promise((resolve) => setImmediate(resolve))
        yield data.subarray(at, at + 1_400_000)
      }
    }
    const { id } = await putBlob(pool, parts())
    const sizes: number[] = []
    const chunks: Buffer[] = []
    for await (const chunk of streamBlob(pool, id)) {
      sizes.push(chunk.length)
      chunks.push(chunk)
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 20)
    expect(Buffer.concat(chunks).equals(data)).toBe(true)
  })

  it('are refused if altered, truncated or extended', async () => {
    const damage = async (statement: string) => {
      const { id } = await putBlob(pool, content(2_500_000))
      await pool.query(statement, [id])
      return readBlob(pool, id)
    }
    const flipped = damage('UPDATE blob_chunk SET data = set_byte(data, 5, 1) WHERE blob_id = $1 AND idx = 1')
    await expect(flipped).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining('altered') as string,
    })
    const truncated = damage('DELETE FROM blob_chunk WHERE blob_id = $1 AND idx = 2')
    await expect(truncated).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining('2500000') as string,
    })
    const longer = damage("INSERT INTO blob_chunk SELECT $1::uuid, 3, '\\x00'")
    await expect(longer).rejects.toMatchObject({ code: 'mismatch' })
  })

  it('leave nothing when the source fails or the caller’s transaction does', async () => {
    const before = await count()
    function* failing() {
      yield content(2_000_000)
      throw new Error('the source broke')
    }
    await expect(putBlob(pool, failing())).rejects.toThrow('the source broke')
    const undone = transaction(pool, async (client) => {
      await putBlobWithin(client, content(10))
      throw new Error('changed my mind')
    })
    await expect(undone).rejects.toThrow('changed my mind')
    expect(await count()).toBe(before)
  })

  it('are deleted with their chunks', async () => {
    const before = await count()
    const { id } = await putBlob(pool, content(1_500_000))
    expect(await count()).toBe(before + 2)
    expect([await deleteBlob(pool, id), await deleteBlob(pool, id)]).toEqual([true, false])
    expect(await count()).toBe(before)
    await expect(readBlob(pool, id)).rejects.toMatchObject({ code: 'not-found' })
  })
})
