/** How well a dictionary reconstructs activations. */
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../errors'
import type { Dictionary } from '../sae/dictionary/dictionary'
import type { Codes } from '../sae/codes/codes'
import { tidyToHost } from '../tensors/tidyToHost'

/** Figures of `METRICS`; `null` where the data leaves a ratio undefined. */
export interface ReconstructionFigures {
  tokens: number
  l0: number
  l1: number
  mse: number
  explainedVariance: number | null
  nmse: number | null
  cosine: number | null
  l2Ratio: number | null
  reconstructionBias: number | null
  deadShare: number
}

/**
 * Compares activations with their reconstructions as they stream by. Sums are doubles over all tokens, so the figures
 * do not depend on batches: the variance is about the mean of everything added, never an average of batch ratios.
 */
export class ReconstructionMeter {
  private tokens = 0
  private entries = 0
  private l1 = 0
  private squaredError = 0
  private squaredInput = 0
  private squaredOutput = 0
  private product = 0
  private cosines = 0
  private cosineTokens = 0
  private ratios = 0
  private ratioTokens = 0
  private readonly sum: Float64Array
  /** Subtracted before summing, so that a large common offset costs no digits. */
  private origin: Float64Array | undefined
  /** Firings of each latent so far, `[d_sae]`. */
  readonly fired: Float64Array

  constructor(
    private readonly width: number,
    d_sae: number,
  ) {
    this.sum = new Float64Array(width)
    this.fired = new Float64Array(d_sae)
  }

  /**
   * @param x `[n, width]` activations (a transcoder's target)
   * @param reconstruction `[n, width]`
   */
  add(x: Float32Array, reconstruction: Float32Array, codes: Codes): void {
    this.origin ??= Float64Array.from(x.subarray(0, this.width))
    for (let row = 0; row < codes.n; row++) this.addRow(x, reconstruction, row * this.width)
    for (let entry = 0, last = codes.offsets[codes.n]!; entry < last; entry++) {
      this.fired[codes.indices[entry]!]!++
      this.l1 += codes.values[entry]!
    }
    this.entries += codes.offsets[codes.n]!
    this.tokens += codes.n
  }

  private addRow(x: Float32Array, reconstruction: Float32Array, base: number): void {
    const { width, sum } = this
    const origin = this.origin!
    let [inputs, outputs, product, error, shiftedSquares] = [0, 0, 0, 0, 0]
    for (let i = 0; i < width; i++) {
      const a = x[base + i]!
      const b = reconstruction[base + i]!
      const shifted = a - origin[i]!
      inputs += a * a
      outputs += b * b
      product += a * b
      error += (a - b) * (a - b)
      shiftedSquares += shifted * shifted
      sum[i]! += shifted
    }
    this.squaredError += error
    this.squaredInput += shiftedSquares
    this.squaredOutput += outputs
    this.product += product
    if (inputs > 0) {
      this.ratios += Math.sqrt(outputs / inputs)
      this.ratioTokens++
    }
    if (inputs > 0 && outputs > 0) {
      this.cosines += product / Math.sqrt(inputs * outputs)
      this.cosineTokens++
    }
  }

  figures(): ReconstructionFigures {
    const { tokens, width } = this
    if (tokens === 0) throw new LoupeError('bad-input', 'there are no tokens to measure on')
    const meanNorm = this.sum.reduce((total, value) => total + value * value, 0) / tokens
    // E‖x − Ex‖² = E‖x − o‖² − ‖Ex − o‖² for any o.
    const variance = this.squaredInput - meanNorm
    const nmse = ratio(this.squaredError, variance)
    return {
      tokens,
      l0: this.entries / tokens,
      l1: this.l1 / tokens,
      mse: this.squaredError / (tokens * width),
      explainedVariance: nmse === null ? null : 1 - nmse,
      nmse,
      cosine: ratio(this.cosines, this.cosineTokens),
      l2Ratio: ratio(this.ratios, this.ratioTokens),
      reconstructionBias: ratio(this.squaredOutput, this.product),
      deadShare: this.fired.reduce((dead, count) => dead + (count === 0 ? 1 : 0), 0) / this.fired.length,
    }
  }
}

export interface ReconstructionOptions {
  dictionary: Dictionary
  /** Activations `[n, d_in]` in any order; a batch is encoded at once. With targets `[n, d_out]` for a transcoder. */
  batches: AsyncIterable<{ n: number; x: Float32Array; target?: Float32Array }>
  /** Stop when this many tokens are measured. Default: all. */
  atMost?: number
  signal: AbortSignal
}

/**
 * Encodes and decodes activations, and compares the output with them; a transcoder's output with its target.
 * @returns the figures, and how often each latent fired, `[d_sae]`
 */
export async function measureReconstruction(
  options: ReconstructionOptions,
): Promise<{ figures: ReconstructionFigures; fired: Float64Array }> {
  const { dictionary, batches, atMost = Infinity, signal } = options
  const isTranscoder = dictionary.config.d_out !== undefined
  const meter = new ReconstructionMeter(dictionary.d_out, dictionary.d_sae)
  let done = 0
  for await (const { n, x, target } of batches) {
    if (signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
    if (isTranscoder && !target) {
      throw new LoupeError(
        'bad-input',
        'a transcoder predicts another hook, but the harvest has no targets to compare with',
        {
          remedy: 'measure it on a harvest with --target-hook',
        },
      )
    }
    if (n > 0) {
      const { codes, output } = reconstruct(dictionary, x, n)
      meter.add(isTranscoder ? target! : x, output, codes)
    }
    if ((done += n) >= atMost) break
  }
  return { figures: meter.figures(), fired: meter.fired }
}

function reconstruct(dictionary: Dictionary, x: Float32Array, n: number): { codes: Codes; output: Float32Array } {
  return tidyToHost(() => {
    const input = tf.tensor2d(x, [n, dictionary.d_in])
    const codes = dictionary.encode(input)
    return { codes, output: dictionary.decode(codes, input).dataSync<'float32'>() }
  })
}

/** `null` where the denominator is zero: better no number than a wrong one. */
export function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator
}
