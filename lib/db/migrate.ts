/**
 * Applies `prisma/migrations`. Prisma's own `migrate` needs an engine that has to be downloaded. This code uses the same
 * lock, table and checksums, so that `prisma migrate deploy` works on the same database elsewhere.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientBase, Pool } from 'pg'
import { LoupeError } from '../../trainer/errors'
import { borrow } from '../../trainer/store/database'
import { projectRoot } from '../base/config'

const PRISMA_ADVISORY_LOCK = 72707369

const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`

interface Migration {
  name: string
  sql: string
  checksum: string
}

interface AppliedMigration {
  migration_name: string
  checksum: string
  finished: boolean
}

/**
 * Applies the migrations that are missing and returns their names. Processes that do so at the same time wait for each
 * other. Throws `conflict` for a database that a newer Loupe has migrated, and `mismatch` for a migration that was
 * edited after it had been applied; then nothing is changed.
 */
export async function migrate(pool: Pool, folder = join(projectRoot, 'prisma', 'migrations')): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const { client, release } = await borrow(pool)
  let failed = true
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_ADVISORY_LOCK])
    const pending = await pendingMigrations(client, migrations)
    for (const migration of pending) await apply(client, migration)
    await client.query('SELECT pg_advisory_unlock($1)', [PRISMA_ADVISORY_LOCK])
    failed = false
    return pending.map(({ name }) => name)
  } finally {
    // Closing a connection frees its lock, whatever state it is in.
    release(failed)
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function pendingMigrations(client: ClientBase, migrations: readonly Migration[]): Promise<Migration[]> {
  await client.query(HISTORY_TABLE)
  const { rows: applied } = await client.query<AppliedMigration>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  )
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const { migration_name: name, checksum, finished } of applied) {
    const migration = known.get(name)
    if (!migration) {
      throw new LoupeError('conflict', `a newer Loupe has migrated the database: it has the migration ${name}`, {
        remedy: 'update Loupe, or use another database for this version (LOUPE_HOME or DATABASE_URL)',
      })
    }
    if (!finished) {
      throw new LoupeError('conflict', `another tool started the migration ${name} and never finished it`, {
        remedy: 'finish it there, or mark it with `prisma migrate resolve`',
      })
    }
    if (migration.checksum !== checksum) {
      throw new LoupeError('mismatch', `the migration ${name} was edited after it had been applied to this database`, {
        remedy: `restore prisma/migrations/${name}/migration.sql, and put the change into a new migration`,
      })
    }
  }
  const done = new Set(applied.map((row) => row.migration_name))
  return migrations.filter(({ name }) => !done.has(name))
}

/** In one transaction, so that a migration that fails leaves nothing behind. */
async function apply(client: ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}
