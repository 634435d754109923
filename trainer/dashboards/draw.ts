/** Random draws without a list of all numbers. */
import type { Random } from '../tensors/random'

/** Draws after which the search for acceptable numbers stops: a feature may fire in a few contexts only. */
const MOST_DRAWS = 64

/**
 * Up to `want` distinct numbers in `[0, n)` in random order, without those that `accept` refuses.
 * Fisher-Yates on a sparse map: no array of n.
 */
export function drawDistinct(random: Random, n: number, want: number, accept: (drawn: number) => boolean): number[] {
  const moved = new Map<number, number>()
  const accepted: number[] = []
  for (let i = 0; i < Math.min(n, MOST_DRAWS) && accepted.length < want; i++) {
    const j = i + random.int(n - i)
    const drawn = moved.get(j) ?? j
    moved.set(j, moved.get(i) ?? i)
    if (accept(drawn)) accepted.push(drawn)
  }
  return accepted
}
