/** One open database: the pool for the heavy bytes and Prisma for metadata, on the same connections. */
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { databaseError } from './databaseError'
import { startDatabase } from './embedded'
import { PrismaClient } from './generated/client'
import { migrate } from './migrate'

export interface Database extends AsyncDisposable {
  url: string
  kind: 'embedded' | 'external'
  pool: pg.Pool
  prisma: PrismaClient
  /** Names of the migrations that opening it applied. */
  migrated: string[]
  /** Things the user should be told once. */
  notes: string[]
}

export interface OpenOptions {
  /** Open this database instead of the embedded one or `DATABASE_URL`. */
  url?: string
  /** Most connections at a time. */
  connections?: number
}

/**
 * Starts the embedded server when it is needed, migrates the schema and connects. Throws `unavailable` with a remedy
 * when no database answers. Dispose it (`await using`) so that the process can end; the server keeps running.
 */
export async function openDatabase({ url, connections = 10 }: OpenOptions = {}): Promise<Database> {
  const target = url ? { url, kind: 'external' as const, notes: [] } : await startDatabase()
  const pool = new pg.Pool({
    connectionString: target.url,
    max: connections,
    connectionTimeoutMillis: 15_000,
    application_name: 'loupe',
  })
  // A connection that dies while idle is replaced at the next query; unheard, the event would end the process.
  pool.on('error', () => undefined)
  try {
    const migrated = await migrate(pool)
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
    return {
      url: target.url,
      kind: target.kind,
      pool,
      prisma,
      migrated,
      notes: target.notes,
      async [Symbol.asyncDispose]() {
        await prisma.$disconnect()
        await pool.end()
      },
    }
  } catch (error) {
    await pool.end()
    throw databaseError(error) ?? error
  }
}
