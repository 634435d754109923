/** Generation with a key-value cache: several rows in one batch, token by token. */
import { createRandom, type Random } from '../../tensors/random'
import { GenerationBatch, type BatchOptions } from './batch'
import type { Prediction, TokenLogprob } from './prediction'
import { sampleToken, type SamplingRule } from './sampling'
import { TextStream } from './textStream'
import type { HookedModel, LoupeTokenizer } from '../types'

export interface GenerateOptions extends BatchOptions {
  sampling: SamplingRule & {
    maxTokens: number
    /** Every row draws from its own stream with this seed, so rows with the same logits draw the same tokens. */
    seed: number
    /** A row ends before the first of these strings. */
    stop?: readonly string[]
  }
  /** Seeds of the rows, where they differ. */
  seeds?: readonly number[]
  /** Row → the row that is its shadow: it runs the same tokens, draws none, and its predictions are compared. */
  shadows?: ReadonlyMap<number, number>
  /** How many of the most likely tokens are returned with each drawn one. */
  alternatives?: number
}

export interface GeneratedToken {
  row: number
  id: number
  /** The text that is final with this token; empty while a character or a stop string is unfinished. */
  text: string
  /** Natural logarithm of the model's own probability: before temperature and top-p. */
  logprob: number
  /** Most likely first. */
  alternatives: TokenLogprob[]
  /** KL(row ‖ shadow) in nats, and the shadow's log-probability of the token; for rows that have a shadow. */
  shadow?: { kl: number; logprob: number }
  /** Why the row ends with this token: no tokens left, a stop string, or a token that ends every text. */
  finish?: 'length' | 'stop' | 'end'
}

export interface GeneratedRow {
  /** Without the token that ends every text. */
  ids: number[]
  text: string
  logprobs: number[]
  finish: 'length' | 'stop' | 'end'
}

/**
 * Yields the tokens of all rows, except shadows, as they are drawn. Rows end independently; the batch runs until all
 * have ended.
 * @param tokenizer without one there is no text, no stop string, and only the length ends a row
 * @throws LoupeError for empty or unequally long prompts, ids outside the vocabulary, prompts beyond the context,
 * predictions that are not finite, and when the signal is aborted
 */
export async function* generate(
  model: HookedModel,
  tokenizer: LoupeTokenizer | undefined,
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, void, undefined> {
  const { prompts, sampling, shadows = new Map<number, number>(), alternatives = 0 } = options
  const shadowing = new Map([...shadows].map(([row, shadow]) => [shadow, row]))
  const rows = prompts.map((_, row) => new Row(row, options, tokenizer))
  const speaking = rows.filter(({ index }) => !shadowing.has(index))
  const batch = new GenerationBatch(model, options)
  const limit = Math.min(sampling.maxTokens, Math.max(1, model.config.n_ctx - batch.promptLength + 1))
  try {
    let predictionOf = await batch.runPrompt()
    for (let step = 1; ; step++) {
      for (const row of speaking) {
        if (row.finished) continue
        const prediction = predictionOf(row.index)
        const token = row.next(prediction, sampling, step === limit)
        const shadow = shadows.get(row.index)
        yield {
          ...token,
          alternatives: prediction.likeliest(alternatives),
          ...(shadow !== undefined && { shadow: compare(prediction, predictionOf(shadow), token.id) }),
        }
      }
      if (speaking.every(({ finished }) => finished)) return
      predictionOf = await batch.run(Int32Array.from(rows, ({ index }) => rows[shadowing.get(index) ?? index]!.last))
    }
  } finally {
    batch.dispose()
  }
}

function compare(prediction: Prediction, shadow: Prediction, id: number): { kl: number; logprob: number } {
  return { kl: prediction.divergenceFrom(shadow), logprob: shadow.logprob(id) }
}

/** Runs `generate` to the end: one entry per prompt, empty for shadows. */
export async function generateAll(
  model: HookedModel,
  tokenizer: LoupeTokenizer | undefined,
  options: GenerateOptions,
): Promise<GeneratedRow[]> {
  const rows = options.prompts.map((): GeneratedRow => ({ ids: [], text: '', logprobs: [], finish: 'length' }))
  for await (const { row: index, id, text, logprob, finish } of generate(model, tokenizer, options)) {
    const row = rows[index]!
    row.text += text
    if (finish) row.finish = finish
    if (finish === 'end') continue
    row.ids.push(id)
    row.logprobs.push(logprob)
  }
  return rows
}

type DrawnToken = Omit<GeneratedToken, 'alternatives' | 'shadow'>

class Row {
  finished = false
  /** The token to run next; a finished row repeats its last one, and the others do not see it. */
  last = 0
  private readonly random: Random
  private readonly stream: TextStream | undefined
  private readonly ends: readonly number[]

  constructor(
    readonly index: number,
    { sampling, seeds }: GenerateOptions,
    tokenizer: LoupeTokenizer | undefined,
  ) {
    this.random = createRandom(seeds?.[index] ?? sampling.seed)
    this.stream = tokenizer && new TextStream(tokenizer, sampling.stop ?? [])
    const { eos, ends } = tokenizer?.specialIds ?? {}
    this.ends = ends ?? (eos === undefined ? [] : [eos])
  }

  next(prediction: Prediction, rule: SamplingRule, isLast: boolean): DrawnToken {
    const id = sampleToken(prediction, rule, this.random)
    this.last = id
    const token = { row: this.index, id, logprob: prediction.logprob(id) }
    if (this.ends.includes(id)) return this.finish({ ...token, text: this.stream?.end() ?? '', finish: 'end' })
    const { text, stopped } = this.stream?.push(id, isLast) ?? { text: '', stopped: false }
    if (stopped) return this.finish({ ...token, text, finish: 'stop' })
    return isLast ? this.finish({ ...token, text, finish: 'length' }) : { ...token, text }
  }

  private finish(token: DrawnToken): DrawnToken {
    this.finished = true
    return token
  }
}
