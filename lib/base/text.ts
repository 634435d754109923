/** Checks of texts that people type or send, before they are stored. */
import { LoupeError } from '../../trainer/errors'

/** The trimmed text. Throws `bad-input` if it is too long, too short, or holds control characters. */
export function cleanText(
  what: string,
  text: string,
  { longest, shortest = 0 }: { longest: number; shortest?: number },
) {
  const trimmed = text.trim()
  const length = [...trimmed].length
  if (length > longest || length < shortest) {
    const actual = length === 0 ? 'it is empty' : `it has ${length}`
    throw new LoupeError('bad-input', `${what} must have ${shortest} to ${longest} characters, ${actual}`)
  }
  if (/\p{Cc}/u.test(trimmed)) {
    throw new LoupeError('bad-input', `${what} must be one line without control characters`, {
      remedy: 'remove line breaks and tabs',
    })
  }
  return trimmed
}

/** U+0000 and halves of surrogate pairs, as JSON.stringify writes them; not after an escaped backslash. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/

/** Throws `bad-input` for a value with a character that Postgres cannot keep in JSON. */
export function requireStorable(what: string, value: unknown): void {
  const match = UNSTORABLE.exec(JSON.stringify(value))
  if (!match) return
  throw new LoupeError('bad-input', `${what} holds the character ${match[0].slice(-6)}, which cannot be stored`, {
    remedy: 'remove U+0000 and halves of surrogate pairs',
  })
}
