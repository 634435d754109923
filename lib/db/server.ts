/** Making, starting and stopping the embedded server with Postgres's own programs. Callers hold the lock. */
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

/** After a kill -9 the dead server's children hold its shared memory for some seconds: a start is tried this long. */
const START_PATIENCE_MS = 20_000
const LOG_LIMIT_BYTES = 16 * 1024 * 1024

/** Failures that pass by themselves: a dead server's remains, or a port that was taken in between. */
const PASSING_FAILURES =
  /lock file "postmaster\.pid" already exists|pre-existing shared memory block|could not (bind|create any TCP)|is starting up/

export interface ServerOptions {
  /** False gives up safety against a power cut (not against a killed server) for speed, in tests. */
  durable: boolean
}

/** Makes the data folder unless it is there: in a temporary folder first, so that an interrupt leaves nothing half made. */
export async function initialise(state: ServerState, binaries: Binaries, user: ServerUser): Promise<void> {
  await makePrivateFolder(state.directory, user)
  const found = await readFile(join(dataFolder(state), 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (found !== undefined) return requireMajor(state, found.trim())
  for (const name of await readdir(state.directory)) {
    if (!name.startsWith('data.new')) continue
    // An initdb whose caller was killed may still be writing there for a moment.
    await rm(join(state.directory, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
  const unfinished = `${dataFolder(state)}.new-${randomBytes(4).toString('hex')}`
  const passwordFile = join(state.directory, 'data.new.password')
  await writeFile(passwordFile, state.password, { mode: 0o600 })
  if (user.uid !== undefined && user.gid !== undefined) await chown(passwordFile, user.uid, user.gid)
  // The builtin provider sorts and folds alike on every machine, whatever locales that machine has.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = ['--username=loupe', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const made = await runProgram(binaries.initdb, ['-D', unfinished, ...locale, ...access], state, user)
  await rm(passwordFile, { force: true })
  if (made.code !== 0) throw startFailure(state, 'the database could not be made', made.output)
  await rename(unfinished, dataFolder(state))
}

function requireMajor(state: ServerState, found: string): void {
  if (found === POSTGRES_MAJOR) return
  throw new LoupeError('unsupported', `${dataFolder(state)} was made by Postgres ${found}, this is ${POSTGRES_MAJOR}`, {
    remedy: `dump it with Postgres ${found} and load it here, or move the folder away to begin anew`,
  })
}

/** Starts the server, waits until it answers, and makes the database `loupe` on the first time. */
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

/** Ends the server; connections are closed by it. */
export async function stop(state: ServerState, binaries: Binaries, user: ServerUser): Promise<void> {
  const args = ['stop', '-w', '-t', '60', '-m', 'fast', '-D', dataFolder(state)]
  const stopped = await runProgram(binaries.pgCtl, args, state, user)
  if (stopped.code !== 0) throw startFailure(state, 'the embedded Postgres did not stop', stopped.output)
}

/** Command-line settings rather than a file: they follow the code. */
function settings(port: number, { durable }: ServerOptions): string {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: "''",
    port,
    max_connections: 100,
    shared_buffers: '256MB',
    // Large harvests write gigabytes: seldom checkpoints, but a log that fits small disks.
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    // No replica ever reads this log, and bulk loads into new partitions then skip it.
    wal_level: 'minimal',
    max_wal_senders: 0,
    // Short metadata queries and bulk bytes: compiling queries only costs.
    jit: 'off',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(values)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}

/** Makes the database `loupe` unless it is there. Undefined when the server does not answer. */
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
 * After a restart of the machine (or container) the pid in a stale file may belong to a stranger, and Postgres, which
 * asks only whether that pid exists, would refuse to start for ever. Linux tells which program it is.
 */
async function removeForeignPid(state: ServerState): Promise<void> {
  const postmaster = await readPostmaster(state)
  if (!postmaster) return
  const command = await readFile(`/proc/${postmaster.pid}/cmdline`, 'utf8').catch(() => undefined)
  if (command !== undefined && command !== '' && !command.includes('postgres')) {
    await rm(join(dataFolder(state), 'postmaster.pid'), { force: true })
  }
}

/** The wanted port if nobody listens there, else any free one. */
async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? 0
}

/** Size of the log before a start; a log that has grown large is emptied first. */
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

/** Runs one of Postgres's programs as the server's user; the server that `pg_ctl` leaves behind keeps nothing open here. */
function runProgram(
  program: string,
  args: readonly string[],
  state: ServerState,
  { uid, gid }: ServerUser,
): Promise<{ code: number | null; output: string }> {
  // Variables such as PGDATA or PGPORT of the caller's environment would change what these programs do.
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
    remedy: `see ${logFile(state)}, or set DATABASE_URL to a Postgres server of your own`,
  })
}
