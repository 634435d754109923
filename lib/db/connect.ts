/** A connection to a running, migrated database, as the web process needs it. Nothing is started or migrated here. */
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
  /** Largest number of connections at a time. */
  connections?: number
}

/** The first query opens the first connection. Dispose it (`await using`) so that the process can end. */
export function connectDatabase(url: string, { connections = 10 }: ConnectOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // A process that computes for several seconds without a pause reads the server's answer late.
    connectionTimeoutMillis: 60_000,
    // Opening a connection takes several exchanges with the server, each of them late: connections are kept.
    idleTimeoutMillis: 600_000,
    application_name: 'loupe',
  })
  // The next query replaces a connection that died while idle. Without a listener the event would end the process.
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
