/** Turns thrown errors into error answers. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { LoupeError, toLoupeError } from '../../trainer/errors'
import type { ErrorBody } from '../base/errorBody'
import { databaseError } from '../db/databaseError'

/**
 * A `LoupeError` is written for people and passed on. Any other error is a defect: the client receives only a reference
 * under which the log has the details.
 */
export function errorBody(error: unknown): { status: number; body: ErrorBody } {
  const known = toLoupeError(error) ?? databaseError(error) ?? aborted(error)
  if (known) {
    const { code, message, remedy = null } = known
    return { status: known.status, body: { error: { code, message, remedy } } }
  }
  const reference = randomUUID().slice(0, 8)
  process.stderr.write(
    `${new Date().toISOString()} internal error ${reference}: ${(error as Error)?.stack ?? String(error)}\n`,
  )
  const message = `something went wrong inside Loupe (reference ${reference})`
  const remedy = 'this is a defect of Loupe; the web log (LOUPE_HOME/logs/web.log) has the details under that reference'
  return { status: 500, body: { error: { code: 'internal', message, remedy } } }
}

function aborted(error: unknown): LoupeError | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'TimeoutError') {
    return new LoupeError('timeout', 'the answer took too long and was stopped', { remedy: 'request less at a time' })
  }
  // The second is the name that Next uses for a client that has disconnected.
  if (error.name === 'AbortError' || error.name === 'ResponseAborted')
    return new LoupeError('cancelled', 'the request was cancelled')
  return undefined
}

/** All issues of a schema as one `bad-input` error; `where` is body, query or path. */
export function badInput(where: string, error: z.ZodError): LoupeError {
  const lines = error.issues.map(({ path, message }) => `${[where, ...path].map(String).join('.')}: ${message}`)
  return new LoupeError('bad-input', lines.join('; '), { remedy: 'the fields are described at /docs/api' })
}
