/** Makes, starts and stops the embedded server with Postgres's own programs. Callers hold the lock. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, open, readFile, rename, rm, readdir, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { LoupeError } from '../../trainer/errors'
import { tryPort } from '../processes/ports'
import type { Binaries } from './binaries'
import { POSTGRES_MAJOR } from './binaries'
import type { RunningServer, ServerState } from './serverState'
import { dataFolder, findRunning, logFile, readPostmaster, serverUrl, writeState } from './serverState'
import type { ServerUser } from './serverUser'
import { makePrivateFolder } from './serverUser'

/** How long a start is retried: after a kill -9 the dead server's children hold its shared memory for some seconds. */
const START_PATIENCE_MS = 20_000
const LOG_LIMIT_BYTES = 16 * 1024 * 1024

/** Failures that pass: remains of a dead server, or a port that was taken meanwhile. */
const PASSING_FAILURES =
  /lock file "postmaster\.pid" already exists|pre-existing shared memory block|could not (bind|create any TCP)|is starting up/

export interface ServerOptions {
  /** False is faster, but data can be lost in a power cut (not when the server is killed). For tests. */
  durable: boolean
}

/** Makes the data folder if it is missing. It is made under another name first: an interrupt leaves no half-made one. */
export async function initialise(state: ServerState, binaries: Binaries, user: ServerUser): Promise<void> {
  await makePrivateFolder(state.directory, user)
  const version = await readFile(join(dataFolder(state), 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version !== undefined) return requireMajor(state, version.trim())
  for (const name of await readdir(state.directory)) {
    if (!name.startsWith('data.new')) continue
    // An initdb whose caller was killed can still write there for a moment.
    await rm(join(state.directory, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
  const unfinished = `${dataFolder(state)}.new-${randomBytes(4).toString('hex')}`
  const passwordFile = join(state.directory, 'data.new.password')
  await writeFile(passwordFile, state.password, { mode: 0o600 })
  if (user.uid !== undefined && user.gid !== undefined) await chown(passwordFile, user.uid, user.gid)
  // The builtin provider sorts and folds the same way on every machine, whatever locales are installed.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = ['--username=loupe', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const made = await runProgram(binaries.initdb, ['-D', unfinished, ...locale, ...access], state, user)
  await rm(passwordFile, { force: true })
  if (made.code !== 0) throw startFailure(state, 'the database could not be created', made.output)
  await rename(unfinished, dataFolder(state))
}

function requireMajor(state: ServerState, version: string): void {
  if (version === POSTGRES_MAJOR) return
  throw new LoupeError(
    'unsupported',
    `${dataFolder(state)} was made by Postgres ${version}, this is ${POSTGRES_MAJOR}`,
    {
      remedy: `dump it with Postgres ${version} and load it here, or move the folder away to start over`,
    },
  )
}

/** Starts the server, waits until it answers, and makes the database `loupe` the first time. */
export async function start(
  home: string,
  state: ServerState,
  binaries: Binaries,
  user: ServerUser,
  options: ServerOptions,
): Promise<RunningServer> {
  const deadline = Date.now() + START_PATIENCE_MS
  for (;;) {
    await removeForeignPid(state)
    const port = await freePort(state.port)
    if (port !== state.port) await writeState(home, { ...state, port })
    const logged = await logSize(state)
    const args = [
      'start',
      '-w',
      '-t',
      '120',
      '-D',
      dataFolder(state),
      '-l',
      logFile(state),
      '-o',
      settings(port, options),
    ]
    const started = await runProgram(binaries.pgCtl, args, state, user)
    const running = await firstConnection(state)
    if (running) return running
    const log = await readFrom(logFile(state), logged)
    if (!PASSING_FAILURES.test(log) || Date.now() > deadline) {
      throw startFailure(state, 'the embedded Postgres did not start', log || started.output)
    }
    await sleep(250)
  }
}

/** Stops the server, which closes all connections. */
export async function stop(state: ServerState, binaries: Binaries, user: ServerUser): Promise<void> {
  const args = ['stop', '-w', '-t', '60', '-m', 'fast', '-D', dataFolder(state)]
  const stopped = await runProgram(binaries.pgCtl, args, state, user)
  if (stopped.code !== 0) throw startFailure(state, 'the embedded Postgres did not stop', stopped.output)
}

/** Settings on the command line, not in a file, so that they follow the code. */
function settings(port: number, { durable }: ServerOptions): string {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: "''",
    port,
    max_connections: 100,
    shared_buffers: '256MB',
    // Large harvests write gigabytes: few checkpoints, but a log that fits on small disks.
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    // No replica ever reads this log, and bulk loads into new partitions then skip it.
    wal_level: 'minimal',
    max_wal_senders: 0,
    // The queries are short or move bulk bytes: compiling them only costs time.
    jit: 'off',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(values)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}

/** Makes the database `loupe` if it is missing. Undefined if the server does not answer. */
async function firstConnection(state: ServerState): Promise<RunningServer | undefined> {
  const postmaster = await readPostmaster(state)
  if (!postmaster) return undefined
  const client = new pg.Client({ connectionString: serverUrl(state, postmaster.port, 'postgres') })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'loupe'")
    if (rowCount === 0) await client.query('CREATE DATABASE loupe')
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => undefined)
  }
  return findRunning(state)
}

/**
 * After a restart of the machine (or container) the pid in a stale file can belong to another program. Postgres checks
 * only whether that pid exists, and would never start. Linux shows which program it is.
 */
async function removeForeignPid(state: ServerState): Promise<void> {
  const postmaster = await readPostmaster(state)
  if (!postmaster) return
  const command = await readFile(`/proc/${postmaster.pid}/cmdline`, 'utf8').catch(() => undefined)
  if (command !== undefined && command !== '' && !command.includes('postgres')) {
    await rm(join(dataFolder(state), 'postmaster.pid'), { force: true })
  }
}

/** The preferred port if it is free, otherwise any free port. */
async function freePort(preferred: number): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? 0
}

/** Size of the log before a start. A large log is emptied first. */
async function logSize(state: ServerState): Promise<number> {
  const size = (await stat(logFile(state)).catch(() => undefined))?.size ?? 0
  if (size < LOG_LIMIT_BYTES) return size
  await truncate(logFile(state))
  return 0
}

async function readFrom(path: string, offset: number): Promise<string> {
  const file = await open(path).catch(() => undefined)
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const { buffer } = await file.read({ buffer: Buffer.alloc(Math.max(0, size - offset)), position: offset })
    return buffer.toString('utf8')
  } finally {
    await file.close()
  }
}

/** Runs one of Postgres's programs as the server's user. The server that `pg_ctl` starts keeps nothing open here. */
function runProgram(
  program: string,
  args: readonly string[],
  state: ServerState,
  { uid, gid }: ServerUser,
): Promise<{ code: number | null; output: string }> {
  // Variables of the caller such as PGDATA or PGPORT would change what these programs do.
  const { PATH, TZ, NODE_ENV } = process.env
  const env = { PATH, TZ, NODE_ENV, LC_ALL: 'C' }
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { uid, gid, cwd: state.directory, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (output += text.toString()))
    child.once('error', reject)
    child.once('exit', (code) => resolve({ code, output }))
  })
}

function startFailure(state: ServerState, what: string, output: string): LoupeError {
  if (/No space left on device/.test(output)) {
    return new LoupeError('disk-full', `${what}: the disk under ${state.directory} is full`, {
      remedy: 'free some space, or set LOUPE_HOME to a folder on another disk',
    })
  }
  const lines = output.trim().split('\n')
  const reason = lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? ''
  return new LoupeError('unavailable', `${what}: ${reason.trim()}`, {
    remedy: `see ${logFile(state)}, or set DATABASE_URL to another Postgres server`,
  })
}
