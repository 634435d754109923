/** Codes by feature instead of by token. */
import { LoupeError } from '../errors'
import type { Codes } from '../sae/codes/codes'

/** An entry needs feature, row and value while it waits, and row and value again in its column. */
const BYTES_PER_ENTRY = 20

/** Codes by feature: feature `from + c` owns entries `offsets[c] … offsets[c + 1]`, rows ascending. */
export interface FeatureColumns {
  from: number
  to: number
  /** `[to - from + 1]` */
  offsets: Float64Array
  /** `[entries]` row of the harvest: context × context size + position. */
  rows: Int32Array
  /** `[entries]` */
  values: Float32Array
}

interface Batch {
  features: Int32Array
  rows: Int32Array
  values: Float32Array
}

/** Collects row-wise codes batch by batch and turns them into columns by one counting sort. */
export class ColumnBuilder {
  private batches: Batch[] = []
  private entries = 0
  private tokens = 0

  constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly memoryLimit: number,
  ) {}

  /** Keeps the entries of features `[from, to)`; `rows[t]` is the harvest row of code row `t`. Rows must ascend. */
  add(codes: Codes, rows: Int32Array): void {
    const batch = this.keep(codes, rows)
    this.batches.push(batch)
    this.entries += batch.rows.length
    this.tokens += codes.n
  }

  /** Refuses early: extrapolates from the entries so far to `totalTokens`. */
  checkMemory(totalTokens: number): void {
    const expected = this.entries * Math.max(1, totalTokens / Math.max(1, this.tokens)) * BYTES_PER_ENTRY
    if (expected <= this.memoryLimit) return
    const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toPrecision(3)} MiB`
    const share = this.memoryLimit / expected
    throw new LoupeError(
      'too-large',
      `the activations of features ${this.from} to ${this.to - 1} over ${totalTokens} tokens need about ` +
        `${megabytes(expected)}; the limit is ${megabytes(this.memoryLimit)}`,
      {
        remedy:
          `use ${Math.max(1, Math.floor(totalTokens * share))} tokens or fewer, ` +
          `or parts of ${Math.max(1, Math.floor((this.to - this.from) * share))} features or fewer`,
      },
    )
  }

  private keep(codes: Codes, rows: Int32Array): Batch {
    const { offsets, indices, values, n } = codes
    const everything = this.from === 0 && this.to >= codes.d_sae
    const capacity = everything ? offsets[n]! : countInRange(codes, this.from, this.to)
    const batch = {
      features: new Int32Array(capacity),
      rows: new Int32Array(capacity),
      values: new Float32Array(capacity),
    }
    let kept = 0
    for (let t = 0; t < n; t++) {
      for (let entry = offsets[t]!, last = offsets[t + 1]!; entry < last; entry++) {
        const feature = indices[entry]!
        if (feature < this.from || feature >= this.to) continue
        batch.features[kept] = feature
        batch.rows[kept] = rows[t]!
        batch.values[kept++] = values[entry]!
      }
    }
    return batch
  }

  /** The columns; the builder is empty afterwards. */
  finish(): FeatureColumns {
    const width = this.to - this.from
    // Float64: offsets of a large sample pass 2^31.
    const offsets = new Float64Array(width + 1)
    for (const { features } of this.batches) {
      for (let entry = 0; entry < features.length; entry++) offsets[features[entry]! - this.from + 1]!++
    }
    for (let c = 0; c < width; c++) offsets[c + 1]! += offsets[c]!
    const rows = new Int32Array(this.entries)
    const values = new Float32Array(this.entries)
    const next = offsets.slice(0, width)
    for (const batch of this.batches) {
      for (let entry = 0; entry < batch.rows.length; entry++) {
        const at = next[batch.features[entry]! - this.from]!++
        rows[at] = batch.rows[entry]!
        values[at] = batch.values[entry]!
      }
    }
    this.batches = []
    this.entries = 0
    this.tokens = 0
    return { from: this.from, to: this.to, offsets, rows, values }
  }
}

function countInRange(codes: Codes, from: number, to: number): number {
  let count = 0
  for (let entry = 0, last = codes.offsets[codes.n]!; entry < last; entry++) {
    if (codes.indices[entry]! >= from && codes.indices[entry]! < to) count++
  }
  return count
}
