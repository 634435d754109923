/** Tokens to text as they arrive, without half characters and without any part of a stop string. */
import type { LoupeTokenizer } from '../types'

export interface StreamedText {
  /** Text that is final with this token; empty while a character or a possible stop string is unfinished. */
  text: string
  /** A stop string is complete: it and everything after it are not in the text. */
  stopped: boolean
}

const INCOMPLETE = '\ufffd'

export class TextStream {
  private readonly ids: number[] = []
  /** Ids before this one are decoded. Decoding continues from the id before, for tokenizers that join words. */
  private settledIds = 0
  /** Decoded, but possibly the start of a stop string. */
  private held = ''

  constructor(
    private readonly tokenizer: LoupeTokenizer,
    private readonly stops: readonly string[],
  ) {}

  /** @param last no token follows: all text is returned */
  push(id: number, last: boolean): StreamedText {
    this.ids.push(id)
    this.held += this.decoded(last)
    return this.release(last)
  }

  /** The remaining text, when no further token follows. */
  end(): string {
    this.held += this.decoded(true)
    const { held } = this
    this.held = ''
    return held
  }

  /** The text that the ids since the last call add; waits while the last character is incomplete. */
  private decoded(last: boolean): string {
    const from = Math.max(0, this.settledIds - 1)
    const before = this.tokenizer.decode(this.ids.slice(from, this.settledIds))
    const after = this.tokenizer.decode(this.ids.slice(from))
    if (after.endsWith(INCOMPLETE) && !last) return ''
    this.settledIds = this.ids.length
    return after.slice(before.length)
  }

  private release(last: boolean): StreamedText {
    const matches = this.stops.map((stop) => this.held.indexOf(stop)).filter((at) => at >= 0)
    if (matches.length > 0) {
      const text = this.held.slice(0, Math.min(...matches))
      this.held = ''
      return { text, stopped: true }
    }
    const keep = last ? 0 : Math.max(0, ...this.stops.map((stop) => overlap(this.held, stop)))
    const text = this.held.slice(0, this.held.length - keep)
    this.held = this.held.slice(this.held.length - keep)
    return { text, stopped: false }
  }
}

/** Length of the longest end of `text` that is a start of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (stop.startsWith(text.slice(-length))) return length
  }
  return 0
}
