/** One pass over a sample of a harvest: its codes by feature. */
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../errors'
import type { Stage } from '../progress'
import type { Dictionary } from '../sae/dictionary/dictionary'
import type { OrderedBatch } from '../store/orderedStream'
import { ColumnBuilder, type FeatureColumns } from './columns'

/** The rows over which statistics are counted, and their number. */
export interface SampleOptions {
  dictionary: Dictionary
  /** Rows that count, once each, in the order of the harvest; a batch is encoded at once. */
  batches: AsyncIterable<OrderedBatch>
  contextSize: number
  /** Context numbers are below this. */
  contexts: number
  /** Number of rows in `batches`; for progress, and for refusing early a part that does not fit. */
  totalTokens: number
  /** Features `[from, to)` are kept. */
  from: number
  to: number
  /** Limit on the bytes of the kept codes. */
  memoryLimit: number
  stage: Stage
}

/** The result of one pass over a harvest. A row is context × context size + position. */
export interface CodedSample {
  contextSize: number
  columns: FeatureColumns
  /** `[contexts × contextSize]` token of each row that counts, -1 elsewhere. */
  tokens: Int32Array
  tokenCount: number
}

/** Encodes a harvest once and keeps the codes of features `[from, to)` by feature. */
export async function codeSample(options: SampleOptions): Promise<CodedSample> {
  const { batches, contextSize, totalTokens, stage } = options
  const builder = new ColumnBuilder(options.from, options.to, options.memoryLimit)
  const tokens = new Int32Array(options.contexts * contextSize).fill(-1)
  let done = 0
  for await (const { n, x, context, position, token } of batches) {
    if (stage.signal.aborted) throw new LoupeError('cancelled', 'the statistics were cancelled')
    const rows = Int32Array.from(context, (number, i) => number * contextSize + position[i]!)
    for (let i = 0; i < n; i++) tokens[rows[i]!] = token[i]!
    const input = tf.tensor2d(x, [n, x.length / n])
    try {
      builder.add(options.dictionary.encode(input), rows)
    } finally {
      input.dispose()
    }
    done += n
    builder.checkMemory(totalTokens)
    stage.report(done, totalTokens)
  }
  if (done !== totalTokens) {
    throw new LoupeError('mismatch', `the sample has ${done} tokens instead of ${totalTokens}`)
  }
  return { contextSize, tokens, tokenCount: done, columns: builder.finish() }
}
