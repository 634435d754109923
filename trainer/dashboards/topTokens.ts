/** The tokens on which a feature is strongest. */
import type { TopToken } from './types'

export const TOP_TOKENS = 10

/**
 * Which tokens a feature fires on. Ranked by sum / (occurrences + 1): the mean over all occurrences with one silent
 * occurrence added, so that a token seen once does not outrank one on which the feature fires every time.
 */
export class TokenRanking {
  private readonly occurrences: Int32Array
  private readonly sums: Float64Array
  private readonly fires: Int32Array

  /** `tokens`: id of every row that counts, -1 elsewhere. */
  constructor(private readonly tokens: Int32Array) {
    let largest = 0
    for (let row = 0; row < tokens.length; row++) largest = Math.max(largest, tokens[row]!)
    this.occurrences = new Int32Array(largest + 1)
    this.sums = new Float64Array(largest + 1)
    this.fires = new Int32Array(largest + 1)
    for (let row = 0; row < tokens.length; row++) if (tokens[row]! >= 0) this.occurrences[tokens[row]!]!++
  }

  /** The feature's strongest tokens, best first, equal ones by id. */
  of(rows: Int32Array, values: Float32Array): TopToken[] {
    const seen: number[] = []
    for (let entry = 0; entry < rows.length; entry++) {
      const token = this.tokens[rows[entry]!]!
      if (this.fires[token] === 0) seen.push(token)
      this.fires[token]!++
      this.sums[token]! += values[entry]!
    }
    const score = (token: number): number => this.sums[token]! / (this.occurrences[token]! + 1)
    const best = strongest(seen, TOP_TOKENS, score).map((token) => ({
      token,
      mean: this.sums[token]! / this.occurrences[token]!,
      fires: this.fires[token]!,
      occurrences: this.occurrences[token]!,
    }))
    for (const token of seen) {
      this.fires[token] = 0
      this.sums[token] = 0
    }
    return best
  }
}

/** The `count` items of the largest score, by insertion: `items` is long, `count` small. Equal scores: smaller item. */
function strongest(items: readonly number[], count: number, score: (item: number) => number): number[] {
  const best: { item: number; score: number }[] = []
  const before = (a: { item: number; score: number }, b: { item: number; score: number }): boolean =>
    a.score > b.score || (a.score === b.score && a.item < b.item)
  for (const item of items) {
    const candidate = { item, score: score(item) }
    if (best.length === count && !before(candidate, best[count - 1]!)) continue
    let at = Math.min(best.length, count - 1)
    while (at > 0 && before(candidate, best[at - 1]!)) {
      best[at] = best[at - 1]!
      at--
    }
    best[at] = candidate
  }
  return best.map(({ item }) => item)
}
