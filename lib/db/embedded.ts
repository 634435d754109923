/** The database of Loupe: its embedded Postgres, or the server in DATABASE_URL. */
import { join } from 'node:path'
import pg from 'pg'
import { LoupeError } from '../../trainer/errors'
import { environmentVariable } from '../base/environment'
import { loupeHome } from '../base/config'
import { prepareBinaries } from './binaries'
import { withFileLock } from './fileLock'
import { initialise, start, stop } from './server'
import type { ServerState } from './serverState'
import { findRunning, logFile, newState, readState, writeState } from './serverState'
import { serverUser } from './serverUser'

export interface StartedDatabase {
  url: string
  kind: 'embedded' | 'external'
  /** False if the server was already running. */
  started: boolean
  /** Messages for the user, shown once, e.g. that the data are outside LOUPE_HOME. */
  notes: string[]
}

export interface DatabaseStatus {
  kind: 'embedded' | 'external'
  running: boolean
  url?: string
  /** `18.4` */
  version?: string
  /** Embedded only: folder of the data, its log, the server's process. */
  directory?: string
  log?: string
  pid?: number
  port?: number
}

export interface StartOptions {
  /** LOUPE_HOME of the embedded server. */
  home?: string
  /** False is faster, but data can be lost in a power cut (not when the server is killed). For tests. */
  durable?: boolean
}

/**
 * Makes sure that a database answers, and returns its address. Idempotent, and fast if the server is running. Any
 * number of processes can call this at once: one starts the server, the others find it. The server outlives this
 * process.
 */
export async function startDatabase({
  home = loupeHome(),
  durable = true,
}: StartOptions = {}): Promise<StartedDatabase> {
  const external = externalUrl()
  if (external) return { url: external, kind: 'external', started: false, notes: [] }
  const known = await readState(home)
  const running = known && (await findRunning(known))
  if (running) return { url: running.url, kind: 'embedded', started: false, notes: notes(known) }
  const user = await serverUser()
  const first = known ?? (await newState(home, user))
  return withFileLock(join(home, 'database.lock'), { purpose: 'starting the database' }, async () => {
    // Another process may have started the server while this one waited for the lock.
    const state = (await readState(home)) ?? first
    const ready = await findRunning(state)
    if (ready) return { url: ready.url, kind: 'embedded', started: false, notes: notes(state) }
    const binaries = await prepareBinaries(home, user)
    await writeState(home, state)
    await initialise(state, binaries, user)
    const { url } = await start(home, state, binaries, user, { durable })
    return { url, kind: 'embedded', started: true, notes: notes(state, binaries.note) }
  })
}

/** Stops the embedded server. Returns false if it was not running. Work in progress fails as if the machine were off. */
export async function stopDatabase({ home = loupeHome() }: StartOptions = {}): Promise<boolean> {
  if (externalUrl()) {
    throw new LoupeError('bad-usage', 'Loupe did not start the server in DATABASE_URL', {
      remedy: 'stop it with its own tools',
    })
  }
  const state = await readState(home)
  if (!state || !(await findRunning(state))) return false
  return withFileLock(join(home, 'database.lock'), { purpose: 'starting or stopping the database' }, async () => {
    if (!(await findRunning(state))) return false
    const user = await serverUser()
    await stop(state, await prepareBinaries(home, user), user)
    return true
  })
}

/** The state of the database. Nothing is started. */
export async function databaseStatus({ home = loupeHome() }: StartOptions = {}): Promise<DatabaseStatus> {
  const external = externalUrl()
  if (external) return { kind: 'external', url: external, ...(await askVersion(external)) }
  const state = await readState(home)
  if (!state) return { kind: 'embedded', running: false }
  const where = { directory: state.directory, log: logFile(state) }
  const running = await findRunning(state)
  if (!running) return { kind: 'embedded', running: false, ...where }
  return { kind: 'embedded', ...where, ...running, ...(await askVersion(running.url)) }
}

function externalUrl(): string | undefined {
  const url = environmentVariable('DATABASE_URL')
  if (!url) return undefined
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url
  throw new LoupeError('bad-usage', 'DATABASE_URL is not the address of a Postgres database', {
    remedy: 'set it to postgresql://user:password@host:5432/name, or unset it to use the embedded Postgres',
  })
}

async function askVersion(url: string): Promise<{ running: boolean; version?: string }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    return { running: true, version: rows[0]?.server_version.split(' ')[0] }
  } catch {
    return { running: false }
  } finally {
    await client.end().catch(() => undefined)
  }
}

function notes(state: ServerState, ...more: (string | undefined)[]): string[] {
  return [state.note, ...more].filter((note) => note !== undefined)
}
