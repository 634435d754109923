/** Connections and transactions of the store. It opens no connection itself: callers pass one in. */
import type { ClientBase, Pool, PoolClient } from 'pg'
import { LoupeError } from '../errors'

/** A pool or one connection: either works for a single statement. */
export type Queryable = Pool | ClientBase

export interface Borrowed {
  client: PoolClient
  /** `lost` closes the connection instead of returning it: it may be in the middle of a query. */
  release: (lost: boolean) => void
}

/**
 * A connection for one caller. When it breaks, the query in progress fails; the client's `error` event reports it again,
 * and would end the process without a listener.
 */
export async function borrow(pool: Pool): Promise<Borrowed> {
  const client = await pool.connect()
  const ignore = () => undefined
  client.on('error', ignore)
  return {
    client,
    release(lost) {
      client.off('error', ignore)
      client.release(lost)
    },
  }
}

/** Runs `body` on one connection inside a transaction: either everything it writes is kept, or nothing. */
export async function transaction<T>(pool: Pool, body: (client: PoolClient) => Promise<T>): Promise<T> {
  const { client, release } = await borrow(pool)
  let lost = true
  try {
    await client.query('BEGIN')
    const result = await body(client)
    await client.query('COMMIT')
    lost = false
    return result
  } catch (error) {
    lost = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    )
    throw error
  } finally {
    release(lost)
  }
}

/** Ids become parts of table names, so everything except a uuid is refused. */
export function requireUuid(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id
  throw new LoupeError('bad-input', `"${id}" is not an id`, { remedy: 'ids are lower-case uuids' })
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
