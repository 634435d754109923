import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { emptyDatabase } from '../../test/support/database'
import { migrationNames } from '../../test/support/migrationNames'
import { projectRoot } from '../base/config'
import { migrate } from './migrate'

const NAMES = migrationNames()
const temporary = await mkdtemp(join(tmpdir(), 'loupe-migrations-'))
afterAll(() => rm(temporary, { recursive: true }))

async function emptyPool(): Promise<pg.Pool> {
  const database = await emptyDatabase()
  const pool = new pg.Pool({ connectionString: database.url, max: 4 })
  afterAll(async () => {
    await pool.end()
    await database[Symbol.asyncDispose]()
  })
  return pool
}

/** A copy of the migrations that a test may alter. */
async function copyMigrations(name: string): Promise<string> {
  const folder = join(temporary, name)
  await cp(join(projectRoot, 'prisma', 'migrations'), folder, { recursive: true })
  return folder
}

async function addMigration(folder: string, name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name))
  await writeFile(join(folder, name, 'migration.sql'), sql)
}

describe('migrate', async () => {
  const pools = await Promise.all([emptyPool(), emptyPool(), emptyPool()])

  it('fills an empty database once, also when other processes do so at the same time', async () => {
    const pool = pools[0]
    const applied = await Promise.all([migrate(pool), migrate(pool), migrate(pool)])
    expect(applied.flat()).toEqual(NAMES)
    expect(await migrate(pool)).toEqual([])
    const { rows } = await pool.query(
      `SELECT migration_name AS name, length(checksum) AS checksum, finished_at >= started_at AS finished,
              applied_steps_count AS steps, rolled_back_at AS undone FROM _prisma_migrations ORDER BY migration_name`,
    )
    expect(rows).toEqual(NAMES.map((name) => ({ name, checksum: 64, finished: true, steps: 1, undone: null })))
    const { rows: locks } = await pool.query(
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    expect(locks).toEqual([])
  })

  it('migrates an older database, keeps its rows, and refuses older code', async () => {
    const pool = pools[1]
    const newer = await copyMigrations('newer')
    await addMigration(newer, '20990101000000_later', 'ALTER TABLE model ADD COLUMN later int DEFAULT 7')
    await migrate(pool)
    await pool.query("INSERT INTO corpus (name, source, hash, documents) VALUES ('kept', '', '', 1)")
    expect(await migrate(pool, newer)).toEqual(['20990101000000_later'])
    expect((await pool.query('SELECT name FROM corpus')).rows).toEqual([{ name: 'kept' }])
    await expect(migrate(pool)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('20990101000000_later') as string,
    })
  })

  it('refuses an edited migration, and undoes one that fails', async () => {
    const pool = pools[2]
    await migrate(pool)
    const edited = await copyMigrations('edited')
    await appendFile(join(edited, NAMES[0]!, 'migration.sql'), '-- a change')
    await expect(migrate(pool, edited)).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining(NAMES[0]!) as string,
    })
    const failing = await copyMigrations('failing')
    await addMigration(failing, '20990101000000_fails', 'CREATE TABLE half (n int); SELECT 1 / 0')
    await expect(migrate(pool, failing)).rejects.toThrow('division by zero')
    const { rows } = await pool.query("SELECT to_regclass('half') AS half, count(*)::int AS n FROM _prisma_migrations")
    expect(rows).toEqual([{ half: null, n: NAMES.length }])
    await pool.query("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', '', 'begun')")
    await addMigration(failing, 'begun', 'SELECT 1')
    await expect(migrate(pool, failing)).rejects.toMatchObject({
      message: expect.stringContaining('never finished') as string,
    })
  })
})
