/** Texts that people type or send, as they are kept. */
import { LoupeError } from '../../trainer/errors'

/** Trimmed. Throws `bad-input` for one that is too long, too short, or holds control characters. */
export function cleanText(
  what: string,
  text: string,
  { longest, shortest = 0 }: { longest: number; shortest?: number },
) {
  const trimmed = text.trim()
  const length = [...trimmed].length
  if (length > longest || length < shortest) {
    const found = length === 0 ? 'it is empty' : `it has ${length}`
    throw new LoupeError('bad-input', `${what} takes ${shortest} to ${longest} characters, ${found}`)
  }
  if (/\p{Cc}/u.test(trimmed)) {
    throw new LoupeError('bad-input', `${what} is one line without control characters`, {
      remedy: 'remove line breaks and tabs',
    })
  }
  return trimmed
}

/** U+0000 and halves of characters, as JSON.stringify writes them; not a written-out backslash before them. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/

/** Throws `bad-input` for a value with a character that Postgres cannot keep in JSON. */
export function requireStorable(what: string, value: unknown): void {
  const found = UNSTORABLE.exec(JSON.stringify(value))
  if (!found) return
  throw new LoupeError('bad-input', `${what} holds the character ${found[0].slice(-6)}, which cannot be stored`, {
    remedy: 'leave out U+0000 and halves of surrogate pairs',
  })
}
