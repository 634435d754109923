/** The database of a supervisor: it starts it, migrates it, starts it again when it ends, and stops it if it started it. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openDatabase } from '../../lib/db/client'
import { databaseStatus, startDatabase, stopDatabase } from '../../lib/db/embedded'
import { toLoupeError } from '../../trainer/errors'

const LOOK_EVERY_MS = 3_000

export interface StartedDatabase {
  url: string
  /** True when it did not run before. */
  started: boolean
  /** Lines that the user should see once. */
  notes: string[]
}

/** Starts the database if needed and brings its schema up to date. */
export async function openForChildren(): Promise<StartedDatabase> {
  const before = await databaseStatus()
  await using database = await openDatabase({ connections: 1 })
  return { url: database.url, started: before.kind === 'embedded' && !before.running, notes: database.notes }
}

export interface WatchOptions {
  url: string
  signal: AbortSignal
  say: (line: string) => void
  /** The database has another address now: another program took its port. */
  onMoved: (url: string) => void
}

/** Until the signal: starts the embedded database again when it ends. A server that the user runs is left alone. */
export async function watchDatabase({ url, signal, say, onMoved }: WatchOptions): Promise<void> {
  let known = url
  let complaint = ''
  for (;;) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    try {
      const server = await startDatabase()
      if (server.kind === 'external') return
      if (server.started) say('the database ended and was started again')
      complaint = ''
      if (server.url !== known) onMoved((known = server.url))
    } catch (error) {
      const message = toLoupeError(error)?.message ?? String(error)
      if (message !== complaint) say(`warning: the database does not start: ${message}`)
      complaint = message
    }
  }
}

/**
 * Stops the embedded database if this supervisor started it, unless other programs are connected to it. Never fails:
 * returns a line for the user.
 */
export async function endDatabase(home: string, ours: boolean): Promise<string | undefined> {
  try {
    const status = await databaseStatus({ home })
    if (status.kind === 'external' || !status.running || !status.url) return undefined
    if (!ours) return 'the database keeps running (`loupe db stop` stops it)'
    const others = await otherConnections(status.url)
    if (others > 0) return `the database keeps running: other programs are connected to it (${others})`
    await stopDatabase({ home })
    return undefined
  } catch (error) {
    return `warning: the database was not stopped: ${toLoupeError(error)?.message ?? String(error)}`
  }
}

const SETTLE_MS = 2_000

/** Connections of other programs; those of processes that have just ended take a moment to close. */
async function otherConnections(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    for (const deadline = Date.now() + SETTLE_MS; ; await sleep(100)) {
      const { rows } = await client.query<{ others: number }>(
        `SELECT count(*)::int AS others FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      )
      const others = rows[0]?.others ?? 0
      if (others === 0 || Date.now() > deadline) return others
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}
