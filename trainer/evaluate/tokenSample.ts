/** Figures of single tokens, for plots. */

/** A column for each figure, all of one length. */
export interface TokenSample {
  /** Latents that are on. */
  l0: number[]
  /** ‖x‖ in raw units. */
  norm: number[]
  /** −log p of the next token by the untouched model, nats. */
  crossEntropy: number[]
}

/** Figures of the tokens of one batch. */
export type MeasuredTokens = Readonly<Record<keyof TokenSample, ArrayLike<number>>>

const LARGEST_SAMPLE = 2000

/** Keeps every n-th token, so that up to 2,000 of the expected tokens are kept. */
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
