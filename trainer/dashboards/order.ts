/** Sorting activations. */

const DIGIT_BITS = 11
const BUCKETS = 1 << DIGIT_BITS

/**
 * Sorts positive floats without comparing them: their bit patterns have the same order. Three stable passes of eleven
 * bits, so equal values keep their order. One instance reuses its buffers over many features.
 */
export class DescendingOrder {
  private order = new Uint32Array(0)
  private spare = new Uint32Array(0)
  private readonly counts = new Uint32Array(BUCKETS)

  /** Indices of `values` (all > 0), largest value first, equal ones by index. Valid until the next call. */
  of(values: Float32Array): Uint32Array {
    const n = values.length
    if (this.order.length < n) {
      this.order = new Uint32Array(n * 2)
      this.spare = new Uint32Array(n * 2)
    }
    const bits = new Uint32Array(values.buffer, values.byteOffset, n)
    for (let i = 0; i < n; i++) this.order[i] = i
    for (let shift = 0; shift < 33; shift += DIGIT_BITS) {
      this.pass(bits, shift, n)
      ;[this.order, this.spare] = [this.spare, this.order]
    }
    return this.order.subarray(0, n)
  }

  private pass(bits: Uint32Array, shift: number, n: number): void {
    const { order, spare, counts } = this
    counts.fill(0)
    for (let i = 0; i < n; i++) counts[(~bits[i]! >>> shift) & (BUCKETS - 1)]!++
    for (let bucket = 0, sum = 0; bucket < BUCKETS; bucket++) {
      const count = counts[bucket]!
      counts[bucket] = sum
      sum += count
    }
    for (let i = 0; i < n; i++) {
      const index = order[i]!
      spare[counts[(~bits[index]! >>> shift) & (BUCKETS - 1)]!++] = index
    }
  }
}
