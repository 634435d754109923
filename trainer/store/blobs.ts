/** Large byte arrays (weights, checkpoints) in pieces, so that a worker needs only the database. */
import { createHash, randomUUID } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { LoupeError } from '../errors'
import { readBinary } from './binary'
import { copyInto } from './copy'
import { transaction, type Queryable } from './database'

const CHUNK_BYTES = 2 ** 20

export interface StoredBlob {
  id: string
  bytes: number
  /** Hex digest. */
  sha256: string
}

export type BlobSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** Stores a stream of bytes, either all of them or none. */
export async function putBlob(pool: Pool, source: BlobSource): Promise<StoredBlob> {
  return transaction(pool, (client) => putBlobWithin(client, source))
}

/** As `putBlob`, in the caller's transaction: the blob appears together with the row that names it. */
export async function putBlobWithin(client: ClientBase, source: BlobSource): Promise<StoredBlob> {
  const id = randomUUID()
  const hash = createHash('sha256')
  let bytes = 0
  // The row comes first because the chunks refer to it; its figures are known after the last chunk.
  await client.query(`INSERT INTO blob (id, sha256, bytes) VALUES ($1, '', 0)`, [id])
  async function* rows() {
    let idx = 0
    for await (const chunk of chunks(source)) {
      hash.update(chunk)
      bytes += chunk.length
      yield [id, idx++, chunk] as const
    }
  }
  const columns = [
    { name: 'blob_id', type: 'uuid' },
    { name: 'idx', type: 'int4' },
    { name: 'data', type: 'bytea' },
  ] as const
  await copyInto(client, 'blob_chunk', columns, rows())
  const digest = hash.digest()
  await client.query('UPDATE blob SET sha256 = $2, bytes = $3 WHERE id = $1', [id, digest, bytes])
  return { id, bytes, sha256: digest.toString('hex') }
}

/** The whole content. Throws `not-found` for an unknown id and `mismatch` if the bytes were altered. */
export async function readBlob(pool: Pool, id: string): Promise<Buffer> {
  const { bytes } = await blobHeader(pool, id)
  const content = Buffer.allocUnsafeSlow(bytes)
  let filled = 0
  for await (const chunk of streamBlob(pool, id)) {
    filled += chunk.copy(content, filled)
  }
  return content
}

/**
 * The content chunk by chunk, for blobs that should not be in memory at once. It is checked while it is read: an altered
 * or truncated blob throws `mismatch` after its last chunk, so keep nothing of it before the end.
 */
export async function* streamBlob(pool: Pool, id: string): AsyncGenerator<Buffer, void, undefined> {
  const { bytes, sha256 } = await blobHeader(pool, id)
  const hash = createHash('sha256')
  let read = 0
  const text = 'SELECT data FROM blob_chunk WHERE blob_id = $1 ORDER BY idx'
  for await (const [chunk] of readBinary(pool, { text, values: [id] })) {
    hash.update(chunk!)
    read += chunk!.length
    if (read > bytes) break
    yield chunk!
  }
  const remedy = 'restore the database from a backup, or make the dictionary or run of this blob again'
  if (read !== bytes) {
    throw new LoupeError('mismatch', `blob ${id} has at least ${read} bytes, but ${bytes} were stored`, { remedy })
  }
  if (hash.digest('hex') !== sha256) {
    throw new LoupeError('mismatch', `blob ${id} was altered after it was stored`, { remedy })
  }
}

/** Removes a blob; false if there was none. A blob that a dictionary or checkpoint uses is kept, with an error. */
export async function deleteBlob(database: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await database.query('DELETE FROM blob WHERE id = $1', [id])
  return rowCount === 1
}

async function blobHeader(database: Queryable, id: string): Promise<StoredBlob> {
  const { rows } = await database.query<{ id: string; bytes: string; sha256: string }>(
    `SELECT id, bytes, encode(sha256, 'hex') AS sha256 FROM blob WHERE id = $1`,
    [id],
  )
  if (!rows[0]) throw new LoupeError('not-found', `there is no blob ${id}`)
  return { ...rows[0], bytes: Number(rows[0].bytes) }
}

/** Cuts a stream into pieces of up to `CHUNK_BYTES`. */
async function* chunks(source: BlobSource): AsyncGenerator<Uint8Array> {
  for await (const part of source instanceof Uint8Array ? [source] : source) {
    for (let at = 0; at < part.length; at += CHUNK_BYTES) yield part.subarray(at, at + CHUNK_BYTES)
  }
}
