/** What Postgres, its driver and Prisma throw, told to a person. */
import { LoupeError } from '../../trainer/errors'

const RESTART =
  'run the same command again: it starts the embedded database and goes on from what is stored (`npx loupe doctor` tells more)'

/** Connection lost or refused; Postgres shutting down; Prisma's own codes for the same. */
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|08\w{3}|57P0[1-5]|P1001|P1002|P1008|P1017)$/
const UNREACHABLE_TEXT =
  /Connection terminated|connection error and is not queryable|Client was closed|Client has encountered|Connection ended|Can't reach database server/i

/** Null characters in text and in JSON, numbers out of range, text that is no number. */
const UNFIT = /^(22021|22P05|22003|22P02)$/

/**
 * The failure behind an error, when it lies in the database rather than in our code: `unavailable` for a server that
 * is gone, refuses us or has no connection left, `disk-full` for a full disk, `bad-input` for a value it cannot hold. Undefined for anything else.
 */
export function databaseError(error: unknown): LoupeError | undefined {
  if (error instanceof LoupeError) return error
  for (const { code, message } of causes(error)) {
    const found = byCode(code, message, error)
    if (found) return found
  }
  return undefined
}

function byCode(code: string, message: string, cause: unknown): LoupeError | undefined {
  if (code === '53100' || code === 'ENOSPC') {
    return new LoupeError('disk-full', 'the disk of the database is full; what was being written has been undone', {
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
      remedy: 'leave out null characters (U+0000), and numbers beyond single precision',
      cause,
    })
  }
  if (/^(28P01|28000|3D000|P1000|P1003)$/.test(code)) {
    const remedy = 'check user, password and name of the database in DATABASE_URL'
    return new LoupeError('unavailable', `the database refuses the connection: ${message}`, { remedy, cause })
  }
  if (UNREACHABLE.test(code) || UNREACHABLE_TEXT.test(message)) {
    return new LoupeError('unavailable', 'the connection to the database was lost or refused', {
      remedy: process.env['DATABASE_URL'] ? 'check that the server named by DATABASE_URL runs' : RESTART,
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
