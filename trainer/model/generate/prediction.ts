/** The prediction of the next token, as log-probabilities. */
import { LoupeError } from '../../errors'

export interface TokenLogprob {
  id: number
  /** Natural logarithm. */
  logprob: number
}

/** One prediction over the vocabulary; the logits are kept, not copied. */
export class Prediction {
  /** The most likely token, the lowest id of equals. */
  readonly best: number
  private readonly logSum: number

  /**
   * @param logits `[d_vocab]`
   * @throws LoupeError when they are not finite, for example after edits that are far too strong
   */
  constructor(readonly logits: Float32Array) {
    this.best = argmax(logits)
    this.logSum = logSumExp(logits, logits[this.best]!)
    if (Number.isFinite(this.logSum)) return
    throw new LoupeError('bad-input', 'the edits lead to values that are not finite', {
      remedy: 'make the edits weaker',
    })
  }

  logprob(id: number): number {
    return this.logits[id]! - this.logSum
  }

  /** The most likely tokens, most likely first; ties by the lower id. */
  likeliest(count: number): TokenLogprob[] {
    const { logits } = this
    const ids: number[] = []
    let least = -Infinity
    for (let id = 0; count > 0 && id < logits.length; id++) {
      const logit = logits[id]!
      if (ids.length === count && logit <= least) continue
      let at = ids.length
      while (at > 0 && logits[ids[at - 1]!]! < logit) at -= 1
      ids.splice(at, 0, id)
      if (ids.length > count) ids.pop()
      least = logits[ids.at(-1)!]!
    }
    return ids.map((id) => ({ id, logprob: this.logprob(id) }))
  }

  /** Kullback-Leibler divergence KL(this ‖ other) in nats: 0 for equal logits, bit for bit. */
  divergenceFrom(other: Prediction): number {
    const [values, others] = [this.logits, other.logits]
    const shift = other.logSum - this.logSum
    let sum = 0
    for (let id = 0; id < values.length; id++) {
      const probability = Math.exp(values[id]! - this.logSum)
      if (probability > 0) sum += probability * (values[id]! - others[id]! + shift)
    }
    // Rounding can give a value slightly below zero.
    return Math.max(0, sum)
  }
}

function argmax(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}

function logSumExp(values: Float32Array, peak: number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - peak)
  return peak + Math.log(sum)
}
