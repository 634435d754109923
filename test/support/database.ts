/** Databases for tests. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openDatabase, type Database } from '../../lib/db/client'
import { startDatabase } from '../../lib/db/embedded'

export type TestDatabase = Database

/** A new, migrated database; disposing it closes and drops it (`afterAll(() => database[Symbol.asyncDispose]())`). */
export async function testDatabase(): Promise<TestDatabase> {
  const empty = await emptyDatabase()
  const database = await openDatabase({ url: empty.url })
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await empty[Symbol.asyncDispose]()
    },
  }
}

export interface EmptyDatabase extends AsyncDisposable {
  url: string
}

/** A new, empty database on the server of this test run; disposing it drops it. */
export async function emptyDatabase(): Promise<EmptyDatabase> {
  const home = process.env['LOUPE_HOME']
  // globalSetup.ts sets it; without it the server would be the user's.
  if (!home) throw new Error('tests that need a database run under vitest')
  const { url: server } = await startDatabase({ home, durable: false })
  const name = `test_${randomBytes(6).toString('hex')}`
  await execute(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, [Symbol.asyncDispose]: () => execute(server, `DROP DATABASE ${name} WITH (FORCE)`) }
}

async function execute(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
