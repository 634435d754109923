/** From what was thrown to what a client is told. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ERROR_CODES, LoupeError, toLoupeError } from '../../trainer/errors'
import { databaseError } from '../db/databaseError'

export const ErrorBody = z.strictObject({
  error: z.strictObject({
    code: z.string().describe(`One of ${Object.keys(ERROR_CODES).join(', ')}, internal`),
    message: z.string().describe('What was found and what was expected'),
    remedy: z.string().nullable().describe('What to do about it'),
  }),
})
export type ErrorBody = z.output<typeof ErrorBody>

/**
 * Errors written for people are passed on; anything else is a defect, of which the client learns a number to look up
 * in the log and nothing more.
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
    return new LoupeError('timeout', 'the answer took too long and was stopped', { remedy: 'ask for less at a time' })
  }
  // The second is Next's own name for a client that has gone.
  if (error.name === 'AbortError' || error.name === 'ResponseAborted')
    return new LoupeError('cancelled', 'the request was cancelled')
  return undefined
}

/** Complaints of a schema as one bad-input error; `where` is body, query or path. */
export function badInput(where: string, error: z.ZodError): LoupeError {
  const lines = error.issues.map(({ path, message }) => `${[where, ...path].map(String).join('.')}: ${message}`)
  return new LoupeError('bad-input', lines.join('; '), { remedy: 'the fields are described at /docs/api' })
}
