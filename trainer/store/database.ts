/** What the store is handed: it opens no connection of its own. */
import type { ClientBase, Pool, PoolClient } from 'pg'
import { LoupeError } from '../errors'

/** Either will do for a single statement. */
export type Queryable = Pool | ClientBase

export interface Borrowed {
  client: PoolClient
  /** `lost` closes the connection instead of giving it back: it may be in the middle of something. */
  release: (lost: boolean) => void
}

/**
 * A connection of one's own. When it breaks, the query in progress fails; the client's `error` event says the same
 * again, and would end the process if nobody listened.
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

/** Runs `body` on one connection inside a transaction: everything it writes is kept, or nothing. */
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

/** Ids become parts of table names; anything but a uuid is refused. */
export function requireUuid(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id
  throw new LoupeError('bad-input', `"${id}" is not an id`, { remedy: 'ids are lower-case uuids' })
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
