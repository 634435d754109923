/** Short texts that people type: names, labels, authors. */
import { LoupeError } from '../trainer/errors'

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
