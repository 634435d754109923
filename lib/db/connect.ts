/** A connection to a database that is there already: neither started nor migrated here, as the web process needs it. */
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client'

/** The pool for the heavy bytes and Prisma for metadata, on the same connections. */
export interface Database extends AsyncDisposable {
  url: string
  pool: pg.Pool
  prisma: PrismaClient
}

export interface ConnectOptions {
  /** Most connections at a time. */
  connections?: number
}

/** Opens nothing before the first query. Dispose it (`await using`) so that the process can end. */
export function connectDatabase(url: string, { connections = 10 }: ConnectOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // A process that computes for seconds on end hears the server's answer late.
    connectionTimeoutMillis: 60_000,
    // To open one takes several exchanges with the server, of which such a process has few: it keeps those it has.
    idleTimeoutMillis: 600_000,
    application_name: 'loupe',
  })
  // A connection that dies while idle is replaced at the next query; unheard, the event would end the process.
  pool.on('error', () => undefined)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    url,
    pool,
    prisma,
    async [Symbol.asyncDispose]() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}
