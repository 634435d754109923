/** Errors of Postgres, its driver and Prisma, in words for people. */
import { LoupeError } from '../../trainer/errors'
import { environmentVariable } from '../base/environment'

const RESTART =
  'run the same command again: it starts the embedded database and continues from what is stored (`npx loupe doctor` has details)'

/** Connection lost or refused; Postgres shutting down; Prisma's own codes for the same. */
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|08\w{3}|57P0[1-5]|P1001|P1002|P1008|P1017)$/
const UNREACHABLE_TEXT =
  /Connection terminated|connection error and is not queryable|Client was closed|Client has encountered|Connection ended|Can't reach database server/i

/** Null characters in text and in JSON, numbers out of range, text that is not a number. */
const UNFIT = /^(22021|22P05|22003|22P02)$/

/**
 * The error as a `LoupeError` if the database is the cause, not our code: `unavailable` for a server that is gone,
 * refuses the connection or has none left, `disk-full` for a full disk, `bad-input` for a value that it cannot store.
 * Undefined for any other error.
 */
export function databaseError(error: unknown): LoupeError | undefined {
  if (error instanceof LoupeError) return error
  for (const { code, message } of causes(error)) {
    const known = byCode(code, message, error)
    if (known) return known
  }
  return undefined
}

function byCode(code: string, message: string, cause: unknown): LoupeError | undefined {
  if (code === '53100' || code === 'ENOSPC') {
    return new LoupeError('disk-full', 'the disk of the database is full; the unfinished write was undone', {
      remedy: 'free some space and run the same command again, or set LOUPE_HOME to a folder on another disk',
      cause,
    })
  }
  if (code === '53300') {
    return new LoupeError('unavailable', 'the database has no connection left', {
      remedy: 'stop some workers, or raise max_connections of the server',
      cause,
    })
  }
  if (UNFIT.test(code)) {
    return new LoupeError('bad-input', 'a value does not fit into the database', {
      remedy: 'remove null characters (U+0000), and numbers beyond single precision',
      cause,
    })
  }
  if (/^(28P01|28000|3D000|P1000|P1003)$/.test(code)) {
    const remedy = 'check user, password and name of the database in DATABASE_URL'
    return new LoupeError('unavailable', `the database refuses the connection: ${message}`, { remedy, cause })
  }
  if (UNREACHABLE.test(code) || UNREACHABLE_TEXT.test(message)) {
    return new LoupeError('unavailable', 'the connection to the database was lost or refused', {
      remedy: environmentVariable('DATABASE_URL') ? 'check that the server in DATABASE_URL runs' : RESTART,
      cause,
    })
  }
  return undefined
}

/** The error, what caused it, and Prisma's wrapped driver errors (`meta.driverAdapterError`), outermost first. */
function* causes(error: unknown, depth = 0): Generator<{ code: string; message: string }> {
  if (typeof error !== 'object' || error === null || depth > 5) return
  const { code, originalCode, message, cause, meta, errors } = error as Record<string, unknown>
  const text = typeof message === 'string' ? message : ''
  yield { code: typeof code === 'string' ? code : '', message: text }
  if (typeof originalCode === 'string') yield { code: originalCode, message: text }
  for (const inner of Array.isArray(errors) ? (errors as unknown[]) : []) yield* causes(inner, depth + 1)
  yield* causes(cause, depth + 1)
  if (typeof meta === 'object' && meta !== null) {
    yield* causes((meta as Record<string, unknown>)['driverAdapterError'], depth + 1)
  }
}
