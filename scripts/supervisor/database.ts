/** The database under a supervisor: started, migrated, started again when it has ended, stopped when it is ours. */
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
  /** Things the user should be told once. */
  notes: string[]
}

/** Starts it when it is needed and brings the schema up to date. */
export async function openForChildren(): Promise<StartedDatabase> {
  const before = await databaseStatus()
  await using database = await openDatabase({ connections: 1 })
  return { url: database.url, started: before.kind === 'embedded' && !before.running, notes: database.notes }
}

export interface WatchOptions {
  url: string
  signal: AbortSignal
  say: (line: string) => void
  /** It came back at another address: its port was taken in the meantime. */
  onMoved: (url: string) => void
}

/** Until the signal: starts the embedded database again whenever it is gone. A server of the user's own is left alone. */
export async function watchDatabase({ url, signal, say, onMoved }: WatchOptions): Promise<void> {
  let known = url
  let complaint = ''
  for (;;) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    try {
      const found = await startDatabase()
      if (found.kind === 'external') return
      if (found.started) say('the database had ended and is started again')
      complaint = ''
      if (found.url !== known) onMoved((known = found.url))
    } catch (error) {
      const message = toLoupeError(error)?.message ?? String(error)
      if (message !== complaint) say(`warning: the database does not start: ${message}`)
      complaint = message
    }
  }
}

/**
 * Stops the embedded database when it is ours, unless other programs are connected to it. Never fails: returns what the
 * user should be told.
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

/** Connections of others; those of processes that have just ended take a moment to go. */
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
