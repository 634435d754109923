/** What processes share about the embedded server: `database.json` in LOUPE_HOME. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { databaseError } from './databaseError'
import type { ServerUser } from './serverUser'
import { canEnter, openFolderFor } from './serverUser'

const storedState = z.strictObject({
  outside: z.string().optional().describe('the folder of the data, if it is not LOUPE_HOME/database'),
  port: z.int().min(0).max(65_535).describe('the port of the last start; the next start tries it first'),
  password: z.string().describe('password of the database user "loupe"'),
  note: z.string().optional().describe('why the data are outside LOUPE_HOME'),
})

/** The embedded server of one LOUPE_HOME. Only the owner can read the file, because it holds the password. */
export interface ServerState extends z.infer<typeof storedState> {
  /** Data and log. Not stored if it is in LOUPE_HOME, so that a clone can be moved. */
  directory: string
}

/** A server that answers. */
export interface RunningServer {
  url: string
  port: number
  pid: number
}

export const dataFolder = (state: ServerState): string => join(state.directory, 'data')
export const logFile = (state: ServerState): string => join(state.directory, 'server.log')
const stateFile = (home: string): string => join(home, 'database.json')
const insideFolder = (home: string): string => join(home, 'database')

export async function readState(home: string): Promise<ServerState | undefined> {
  let text: string
  try {
    text = await readFile(stateFile(home), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const stored = storedState.parse(JSON.parse(text))
    return { ...stored, directory: stored.outside ?? insideFolder(home) }
  } catch (cause) {
    throw new LoupeError('bad-input', `${stateFile(home)} is damaged`, {
      remedy: 'restore it from a backup: it holds the password of the database',
      cause,
    })
  }
}

export async function writeState(home: string, { outside, port, password, note }: ServerState): Promise<void> {
  const unfinished = `${stateFile(home)}.${process.pid}`
  await writeFile(unfinished, JSON.stringify({ outside, port, password, note }, null, 2), { mode: 0o600 })
  await rename(unfinished, stateFile(home))
}

/** Decides, once for each LOUPE_HOME, where the data are, and makes the password. */
export async function newState(home: string, user: ServerUser): Promise<ServerState> {
  await mkdir(home, { recursive: true })
  const state = { port: 0, password: randomBytes(24).toString('base64url') }
  const inside = insideFolder(home)
  if (await canEnter(home, user)) {
    if (await stat(join(inside, 'data')).catch(() => undefined)) {
      throw new LoupeError('conflict', `${inside} holds a database, but its password file is missing`, {
        remedy: `restore ${stateFile(home)}, or move ${inside} away to start over`,
      })
    }
    return { ...state, directory: inside }
  }
  const outside = join(await openFolderFor(home), 'database')
  const note = `Postgres runs as ${user.name} here, who cannot enter ${home}: the database is in ${outside}`
  return { ...state, directory: outside, outside, note }
}

export function serverUrl(state: ServerState, port: number, database = 'loupe'): string {
  // In the address, because PGSSLMODE of the environment would apply otherwise.
  return `postgresql://loupe:${state.password}@127.0.0.1:${port}/${database}?sslmode=disable`
}

/**
 * The server of this state, if it runs and answers. Its data folder distinguishes it from another server on the same
 * port (the folder was copied, the pid file is stale).
 */
export async function findRunning(state: ServerState): Promise<RunningServer | undefined> {
  const postmaster = await readPostmaster(state)
  if (!postmaster?.ready) return undefined
  const url = serverUrl(state, postmaster.port)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ folder: string }>("SELECT current_setting('data_directory') AS folder")
    return rows[0]?.folder === dataFolder(state) ? { url, port: postmaster.port, pid: postmaster.pid } : undefined
  } catch (error) {
    if (isNotReady(error)) return undefined
    throw databaseError(error) ?? error
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** No server listens, it starts or stops, or its first start was interrupted before `loupe` was made. */
function isNotReady(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return /^(ECONN|ETIMEDOUT|EPIPE|57P0|3D000)/.test(code ?? '') || /Connection terminated|timeout/.test(message)
}

/** Lines of `postmaster.pid`: pid, data folder, start time, port, socket folder, address, shared memory key, status. */
export async function readPostmaster(
  state: ServerState,
): Promise<{ pid: number; port: number; ready: boolean } | undefined> {
  const text = await readFile(join(dataFolder(state), 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  const port = Number.parseInt(lines[3] ?? '', 10)
  return pid > 0 && port > 0 ? { pid, port, ready: lines[7]?.trim() === 'ready' } : undefined
}
