import { closest, distance } from 'fastest-levenshtein'

/**
 * The one error class of Loupe and the one table of its codes.
 *
 * A `LoupeError` is written for the person who caused it. It says what was found, what was expected and what to do.
 * Every other error is a defect of Loupe. Its stack goes to the log only.
 */

/** For each code: the HTTP status of the API, and the exit code of the command line (2 for usage, 1 for failure). */
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
  /** What the reader can do: a command, a flag, a setting. */
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

/** The error for an unknown name. It contains the nearest known name and the list of known names, cut to 12. */
export function unknownName(kind: string, name: string, known: readonly string[]): LoupeError {
  const nearest = nearestName(name, known)
  const list = known.length > 12 ? `${known.slice(0, 12).join(', ')}, … (${known.length} in all)` : known.join(', ')
  return new LoupeError('not-found', `there is no ${kind} "${name}"`, {
    remedy:
      known.length === 0
        ? `no ${kind} exists yet`
        : nearest
          ? `did you mean "${nearest}"? Known: ${list}`
          : `known: ${list}`,
  })
}

/** The known name with the smallest edit distance; undefined if no name is near enough for a typing error. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const best = closest(name.toLowerCase(), [...known])
  return distance(name.toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.ceil(name.length / 3)) ? best : undefined
}

export function toLoupeError(error: unknown): LoupeError | undefined {
  if (error instanceof LoupeError) return error
  if (error instanceof Error && error.cause instanceof LoupeError) return error.cause
  return undefined
}
