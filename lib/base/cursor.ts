/** Cursors of long lists: the place where the next page starts, opaque to clients. */
import type { z } from 'zod'
import { LoupeError } from '../../trainer/errors'

export function encodeCursor(place: object): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Throws `bad-input` for a text that is not a cursor of this list. */
export function decodeCursor<T>(schema: z.ZodType<T>, cursor: string): T {
  const parsed = schema.safeParse(parse(cursor))
  if (parsed.success) return parsed.data
  throw new LoupeError('bad-input', 'the cursor in "after" belongs to another list, order or filter', {
    remedy: 'start at the first page: leave "after" out',
  })
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
