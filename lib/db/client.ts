/** One open database, started and migrated where that is needed. */
import { connectDatabase, type ConnectOptions, type Database } from './connect'
import { databaseError } from './databaseError'
import { startDatabase } from './embedded'
import { migrate } from './migrate'

export type { Database }

export interface OpenedDatabase extends Database {
  kind: 'embedded' | 'external'
  /** Names of the migrations that opening it applied. */
  migrated: string[]
  /** Things the user should be told once. */
  notes: string[]
}

export interface OpenOptions extends ConnectOptions {
  /** Open this database instead of the embedded one or `DATABASE_URL`. */
  url?: string
}

/**
 * Starts the embedded server when it is needed, migrates the schema and connects. Throws `unavailable` with a remedy
 * when no database answers. Dispose it (`await using`) so that the process can end; the server keeps running.
 */
export async function openDatabase({ url, connections }: OpenOptions = {}): Promise<OpenedDatabase> {
  const target = url ? { url, kind: 'external' as const, notes: [] } : await startDatabase()
  const database = connectDatabase(target.url, { connections })
  try {
    const migrated = await migrate(database.pool)
    return { ...database, kind: target.kind, notes: target.notes, migrated }
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw databaseError(error) ?? error
  }
}
