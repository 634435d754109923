/** Statistics of all features of a dictionary, part by part. */
import * as tf from '@tensorflow/tfjs-core'
import { setTimeout } from 'node:timers/promises'
import { LoupeError } from '../errors'
import type { HookedModel } from '../model/types'
import type { Dictionary } from '../sae/dictionary/dictionary'
import type { Stage } from '../progress'
import { unitRows } from '../tensors/unitRows'
import { ByteWriter } from './bytes'
import { selectExamples } from './examples'
import { activationHistogram } from './histogram'
import { logitEffects } from './logits'
import { decoderNeighbours } from './neighbours'
import { DescendingOrder } from './order'
import { packFeature } from './pack'
import { codeSample, type CodedSample, type SampleOptions } from './sample'
import { TokenRanking } from './topTokens'
import type { FeatureStatistics, LogitEffects, Neighbour, TopToken } from './types'

/** Elements of the largest product in memory at once: features × vocabulary, or features × d_sae. */
const PRODUCT_ELEMENTS = 2 ** 24
/** Roughly how the time divides between encoding and the rest, for the progress bar. */
const ENCODE_SHARE = 0.5

export interface FeaturePartOptions extends Omit<SampleOptions, 'memoryLimit'> {
  /** Decoder rows `[d_sae, d_out]` (see `decoderRows`); they stay the caller's. */
  decoder: tf.Tensor2D
  /** Hook that the dictionary reads and writes; decides how logits are computed. */
  hook: string
  model: Pick<HookedModel, 'config' | 'unembed' | 'directLogits'>
  seed: number
  /** Limit on the bytes of this part's codes; more is refused early. Default 2 GiB. */
  memoryLimit?: number
}

/** One row of the feature table, and its rows of the table of tokens. */
export interface FeatureRow {
  index: number
  density: number
  fireCount: number
  maxActivation: number
  meanActivation: number
  packed: Buffer
  topTokens: readonly TopToken[]
}

/**
 * Statistics of features `[from, to)` in one pass over the sample. The whole sample is encoded for every part (a
 * selection rule needs all latents), so parts should be as wide as memory allows. Same options, same bytes.
 */
export async function computeFeaturePart(options: FeaturePartOptions): Promise<FeatureRow[]> {
  const { from, to, stage, totalTokens } = options
  const width = to - from
  const encoding: Stage = {
    signal: stage.signal,
    report: (done) => stage.report(Math.floor((width * ENCODE_SHARE * done) / totalTokens), width),
  }
  const sample = await codeSample({ memoryLimit: 2 ** 31, ...options, stage: encoding })
  const describe = featureDescriber(sample, options.seed)
  const units = unitRows(options.decoder)
  const writer = new ByteWriter()
  const rows: FeatureRow[] = []
  try {
    for (const chunk of alignedChunks(options)) {
      if (stage.signal.aborted) throw new LoupeError('cancelled', 'the statistics were cancelled')
      const effects = effectsOf(options, chunk.start, chunk.end)
      const neighbours = decoderNeighbours(units, chunk.start, chunk.end)
      const end = Math.min(to, chunk.end)
      for (let feature = Math.max(from, chunk.start); feature < end; feature++) {
        const at = feature - chunk.start
        rows.push(featureRow(feature, describe(feature, effects[at]!, neighbours[at]!), writer))
      }
      stage.report(Math.floor(width * ENCODE_SHARE + (1 - ENCODE_SHARE) * (end - from)), width)
      // Sockets and timers, such as a worker's heartbeat, run in between.
      await setTimeout(5)
    }
  } finally {
    units.dispose()
  }
  return rows
}

/**
 * The chunks of features that `[from, to)` touches. They begin at multiples of their size, whatever the part: kernels may
 * round a row of a product differently when the product has other rows, so a feature is always in the same chunk.
 */
function alignedChunks({ model, decoder, from, to }: FeaturePartOptions): { start: number; end: number }[] {
  const [d_sae] = decoder.shape
  const size = Math.max(1, Math.floor(PRODUCT_ELEMENTS / Math.max(model.config.d_vocab, d_sae)))
  const first = Math.floor(from / size)
  return Array.from({ length: Math.ceil(to / size) - first }, (_, at) => {
    const start = (first + at) * size
    return { start, end: Math.min(d_sae, start + size) }
  })
}

function effectsOf({ decoder, model, hook }: FeaturePartOptions, start: number, end: number): LogitEffects[] {
  const directions = tf.slice(decoder, [start, 0], [end - start, -1])
  try {
    return logitEffects(model, hook, directions)
  } finally {
    directions.dispose()
  }
}

/** A function from a feature to its statistics over the sample. */
export function featureDescriber(
  sample: CodedSample,
  seed: number,
): (feature: number, logits: LogitEffects, neighbours: Neighbour[]) => FeatureStatistics {
  const { columns } = sample
  const ranking = new TokenRanking(sample.tokens)
  const descending = new DescendingOrder()
  return (feature, logits, neighbours) => {
    const first = columns.offsets[feature - columns.from]!
    const last = columns.offsets[feature - columns.from + 1]!
    const values = columns.values.subarray(first, last)
    const rows = columns.rows.subarray(first, last)
    const order = descending.of(values)
    const maxActivation = order.length > 0 ? values[order[0]!]! : 0
    return {
      tokens: sample.tokenCount,
      contextSize: sample.contextSize,
      fireCount: values.length,
      maxActivation,
      meanActivation: values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0,
      histogram: activationHistogram(values, maxActivation),
      ...selectExamples({ feature, rows, values, order }, sample.contextSize, seed),
      topTokens: ranking.of(rows, values),
      logits,
      neighbours,
    }
  }
}

function featureRow(index: number, statistics: FeatureStatistics, writer: ByteWriter): FeatureRow {
  const { fireCount, maxActivation, meanActivation, tokens, topTokens } = statistics
  return {
    index,
    density: fireCount / Math.max(1, tokens),
    fireCount,
    maxActivation,
    meanActivation,
    packed: packFeature(statistics, writer),
    topTokens,
  }
}

/** The directions of all features `[d_sae, d_out]`; the caller disposes them. */
export function decoderRows(dictionary: Dictionary): tf.Tensor2D {
  const width = dictionary.d_out
  const rows = new Float32Array(dictionary.d_sae * width)
  for (let feature = 0; feature < dictionary.d_sae; feature++) rows.set(dictionary.direction(feature), feature * width)
  return tf.tensor2d(rows, [dictionary.d_sae, width])
}

/** Ranges that cover `[0, d_sae)`; each is one transaction and one encoding of the sample. */
export function featureParts(d_sae: number, size = 16_384): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(d_sae / size) }, (_, part) => ({
    from: part * size,
    to: Math.min(d_sae, (part + 1) * size),
  }))
}
