/** Single tokens, for pictures of what differs from one to the next. */

/** A column for each figure, all of one length. */
export interface TokenSample {
  /** Latents that are on. */
  l0: number[]
  /** ‖x‖ in raw units. */
  norm: number[]
  /** −log p of the next token by the untouched model, nats. */
  crossEntropy: number[]
}

/** What of the tokens of one batch goes into a sample. */
export type MeasuredTokens = Readonly<Record<keyof TokenSample, ArrayLike<number>>>

const LARGEST_SAMPLE = 2000

/** Every n-th of the tokens that come, so that at most 2,000 are kept of those expected. */
export class TokenSampler {
  readonly sample: TokenSample = { l0: [], norm: [], crossEntropy: [] }
  private readonly every: number
  private seen = 0

  constructor(expected: number) {
    this.every = Math.max(1, Math.ceil(expected / LARGEST_SAMPLE))
  }

  add({ l0, norm, crossEntropy }: MeasuredTokens): void {
    for (let at = 0; at < l0.length; at++) {
      if (this.seen++ % this.every !== 0) continue
      this.sample.l0.push(l0[at]!)
      this.sample.norm.push(short(norm[at]!))
      this.sample.crossEntropy.push(short(crossEntropy[at]!))
    }
  }
}

const short = (value: number) => Number(value.toPrecision(5))
