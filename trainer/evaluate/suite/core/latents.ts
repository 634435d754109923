/** Figures of single latents: from the codes of held-out text, and from the weights alone. */
import * as tf from '@tensorflow/tfjs-core'
import { setTimeout } from 'node:timers/promises'
import { LoupeError } from '../../../errors'
import type { Dictionary } from '../../../sae/dictionary/dictionary'
import { tidyToHost } from '../../../tensors/tidyToHost'
import type { SuiteInput } from '../runner'
import { unitRows } from '../../../tensors/unitRows'

export interface CodedFigures {
  tokens: number
  meanNormIn: number
  meanNormOut: number
  explainedVarianceLegacy: number
  /** `[d_sae]` share of tokens on which each latent fired. */
  density: number[]
  /** `[d_sae]` firings in a context, over the contexts in which the latent fired; 0 for a silent one. */
  consistency: number[]
}

/** One pass over the held-out rows. */
export async function codedFigures(
  { dictionary, heldOutRows }: SuiteInput,
  signal: AbortSignal,
): Promise<CodedFigures> {
  const { d_in, d_sae } = dictionary
  const fired = new Float64Array(d_sae)
  const contexts = new Float64Array(d_sae)
  const seenIn = new Int32Array(d_sae).fill(-1)
  let [tokens, normIn, normOut, legacy] = [0, 0, 0, 0]
  for await (const { n, x, context } of heldOutRows()) {
    if (signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
    const { codes, sums } = tidyToHost(() => {
      const input = tf.tensor2d(x, [n, d_in])
      const coded = dictionary.encode(input)
      return { codes: coded, sums: rowSums(input, dictionary.decode(coded, input)) }
    })
    normIn += sums.normIn
    normOut += sums.normOut
    legacy += sums.legacy
    tokens += n
    for (let row = 0; row < n; row++) {
      for (let entry = codes.offsets[row]!; entry < codes.offsets[row + 1]!; entry++) {
        const latent = codes.indices[entry]!
        fired[latent]!++
        if (seenIn[latent] === context[row]) continue
        seenIn[latent] = context[row]!
        contexts[latent]!++
      }
    }
    await setTimeout(1)
  }
  if (tokens === 0) throw new LoupeError('bad-input', 'the harvest has no held-out text to measure on')
  return {
    tokens,
    meanNormIn: normIn / tokens,
    meanNormOut: normOut / tokens,
    explainedVarianceLegacy: legacy / tokens,
    density: Array.from(fired, (count) => count / tokens),
    consistency: Array.from(fired, (count, latent) => (count === 0 ? 0 : count / contexts[latent]!)),
  }
}

function rowSums(x: tf.Tensor2D, output: tf.Tensor2D): { normIn: number; normOut: number; legacy: number } {
  const sum = (values: tf.Tensor) => tf.sum(values).dataSync<'float32'>()[0]!
  const squares = (values: tf.Tensor) => tf.sum(tf.square(values), 1)
  const spread = squares(tf.sub(x, tf.mean(x, 0, true)))
  return {
    normIn: sum(tf.sqrt(squares(x))),
    normOut: sum(tf.sqrt(squares(output))),
    legacy: sum(tf.sub(1, tf.divNoNan(squares(tf.sub(x, output)), spread))),
  }
}

export interface WeightFigures {
  encoderBias: number[]
  encoderNorm: number[]
  encoderDecoderCosine: number[]
  maxEncoderCosine: number[]
  maxDecoderCosine: number[]
}

export async function weightFigures({ tensors, d_sae }: Dictionary): Promise<WeightFigures> {
  const { W_enc, W_dec } = tensors
  const matrix = ({ data, shape }: { data: Float32Array; shape: number[] }) =>
    tf.tensor2d(data, shape as [number, number])
  const encoder = tf.tidy(() => tf.transpose(matrix(W_enc!)))
  const norms = tidyToHost(() => tf.norm(encoder, 2, 1).dataSync<'float32'>())
  const unitEncoder = unitRows(encoder)
  const unitDecoder = tf.tidy(() => unitRows(matrix(W_dec!)))
  encoder.dispose()
  try {
    const cosines =
      W_enc!.shape[0] === W_dec!.shape[1]
        ? tidyToHost(() => tf.sum(tf.mul(unitEncoder, unitDecoder), 1).dataSync<'float32'>())
        : new Float32Array(d_sae)
    return {
      encoderBias: Array.from(tensors['b_mag']?.data ?? tensors['b_enc']?.data ?? new Float32Array(d_sae)),
      encoderNorm: Array.from(norms),
      encoderDecoderCosine: Array.from(cosines),
      maxEncoderCosine: await largestCosines(unitEncoder),
      maxDecoderCosine: await largestCosines(unitDecoder),
    }
  } finally {
    tf.dispose([unitEncoder, unitDecoder])
  }
}

/** Elements of the largest product held at once. */
const PRODUCT_ELEMENTS = 2 ** 24

/** Of each row with any other. */
async function largestCosines(units: tf.Tensor2D): Promise<number[]> {
  const [rows] = units.shape
  const step = Math.max(1, Math.floor(PRODUCT_ELEMENTS / rows))
  const cosines: number[] = []
  for (let from = 0; from < rows; from += step) {
    const count = Math.min(step, rows - from)
    const largest = tidyToHost(() => {
      const products = tf.matMul(tf.slice(units, [from, 0], [count, -1]), units, false, true)
      const itself = tf.oneHot(tf.range(from, from + count, 1, 'int32'), rows)
      return tf.max(tf.sub(products, tf.mul(itself, 3)), 1).dataSync<'float32'>()
    })
    cosines.push(...largest)
    await setTimeout(1)
  }
  return cosines
}
