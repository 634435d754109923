import { closest, distance } from 'fastest-levenshtein'

/**
 * The one error class of Loupe and the one table of its codes.
 *
 * A `LoupeError` is written for the person who caused it: what was found, what was expected, what to do.
 * Anything else that is thrown is a defect of ours and is reported as such, with its stack in the log only.
 */

/** Per code: the HTTP status `lib/api` answers with, and the exit code of the command line (2 usage, 1 failure). */
export const ERROR_CODES = {
  'bad-usage': { status: 400, exit: 2 },
  'bad-input': { status: 400, exit: 1 },
  forbidden: { status: 403, exit: 1 },
  'not-found': { status: 404, exit: 1 },
  'wrong-method': { status: 405, exit: 1 },
  conflict: { status: 409, exit: 1 },
  mismatch: { status: 409, exit: 1 },
  'too-large': { status: 413, exit: 1 },
  unsupported: { status: 422, exit: 1 },
  cancelled: { status: 499, exit: 130 },
  unavailable: { status: 503, exit: 1 },
  timeout: { status: 504, exit: 1 },
  'disk-full': { status: 507, exit: 1 },
} as const satisfies Record<string, { status: number; exit: number }>

export type ErrorCode = keyof typeof ERROR_CODES

export interface LoupeErrorOptions {
  /** What the reader can do about it: a command, a flag, a setting. */
  remedy?: string
  /** The underlying error; it goes to the log, never to a client. */
  cause?: unknown
}

export class LoupeError extends Error {
  readonly code: ErrorCode
  readonly remedy?: string

  constructor(code: ErrorCode, message: string, options: LoupeErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'LoupeError'
    this.code = code
    this.remedy = options.remedy
  }

  get status(): number {
    return ERROR_CODES[this.code].status
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exit
  }
}

/** A lookup that failed: names the nearest known name and the list (kept short). */
export function unknownName(kind: string, found: string, known: readonly string[]): LoupeError {
  const nearest = nearestName(found, known)
  const list = known.length > 12 ? `${known.slice(0, 12).join(', ')}, … (${known.length} in all)` : known.join(', ')
  return new LoupeError('not-found', `there is no ${kind} "${found}"`, {
    remedy:
      known.length === 0
        ? `no ${kind} exists yet`
        : nearest
          ? `did you mean "${nearest}"? Known: ${list}`
          : `known: ${list}`,
  })
}

/** The known name with the smallest edit distance, when it is near enough to be a typing error. */
export function nearestName(found: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const best = closest(found.toLowerCase(), [...known])
  return distance(found.toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.ceil(found.length / 3))
    ? best
    : undefined
}

export function toLoupeError(error: unknown): LoupeError | undefined {
  if (error instanceof LoupeError) return error
  if (error instanceof Error && error.cause instanceof LoupeError) return error.cause
  return undefined
}
