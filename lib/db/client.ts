/** Opens the database. Starts and migrates it if necessary. */
import { connectDatabase, type ConnectOptions, type Database } from './connect'
import { databaseError } from './databaseError'
import { startDatabase } from './embedded'
import { migrate } from './migrate'

export type { Database }

export interface OpenedDatabase extends Database {
  kind: 'embedded' | 'external'
  /** Names of the migrations that opening it applied. */
  migrated: string[]
  /** Messages for the user, shown once. */
  notes: string[]
}

export interface OpenOptions extends ConnectOptions {
  /** Open this database instead of the embedded one or `DATABASE_URL`. */
  url?: string
}

/**
 * Starts the embedded server if necessary, migrates the schema and connects. Throws `unavailable` with a remedy if no
 * database answers. Dispose it (`await using`) so that the process can end; the server keeps running.
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
