/** Generation with a key-value cache: several rows in one batch, token by token. */
import { setImmediate } from 'node:timers/promises'
import { LoupeError } from '../errors'
import { createRandom, type Random } from '../tensors/random'
import { sampleToken, type SamplingRule } from './sampling'
import { TextStream } from './textStream'
import type { HookEdit, HookedModel, KeyValueCache, LoupeTokenizer } from './types'

export interface GenerateOptions {
  /** Token ids of each row; all rows are equally long. */
  prompts: readonly (readonly number[])[]
  sampling: SamplingRule & {
    maxTokens: number
    /** Every row draws from a stream of its own made of this seed, so rows that see the same logits say the same. */
    seed: number
    /** A row ends before the first of these strings. */
    stop?: readonly string[]
  }
  /** Seeds of the rows, where they are to differ. */
  seeds?: readonly number[]
  /** Applied in every forward pass: first to the whole prompt, then to one position at a time. */
  edits?: ReadonlyMap<string, HookEdit>
  signal?: AbortSignal
}

export interface GeneratedToken {
  row: number
  id: number
  /** What this token settles of the row's text: nothing while a character or a stop string is unfinished. */
  text: string
  /** Natural logarithm of the model's own probability. */
  logprob: number
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
 * Yields the tokens of all rows as they are drawn. Rows end independently; the batch runs on until all have ended.
 * @param tokenizer without one there is no text, no stop string and no end but the length
 * @throws LoupeError for empty or unequally long prompts, ids outside the vocabulary, prompts beyond the context, and
 * when the signal is aborted
 */
export async function* generate(
  model: HookedModel,
  tokenizer: LoupeTokenizer | undefined,
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, void, undefined> {
  const { prompts, sampling, signal } = options
  const seq = promptLength(prompts)
  // A prompt beyond the context is refused by the first run.
  const limit = Math.min(sampling.maxTokens, Math.max(1, model.config.n_ctx - seq + 1))
  const rows = prompts.map((_, row) => new Row(row, options, tokenizer))
  const cache = model.newCache(rows.length)
  try {
    let ids = Int32Array.from(prompts.flat())
    for (let step = 1; step <= limit; step++) {
      // Lets other work of the process, an abort among it, have its turn between tokens.
      await setImmediate()
      if (signal?.aborted) throw new LoupeError('cancelled', 'generation was stopped')
      const logits = lastLogits(model, ids, rows.length, cache, options.edits)
      for (const row of rows) {
        if (!row.finished) yield row.next(logits[row.index]!, sampling, step === limit)
      }
      if (rows.every(({ finished }) => finished)) return
      ids = Int32Array.from(rows, ({ last }) => last)
    }
  } finally {
    cache.dispose()
  }
}

/** `generate` to its end; one entry per prompt. */
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

class Row {
  finished = false
  /** The token to be run next; a finished row repeats its last one, unseen by the others. */
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

  next(logits: Float32Array, rule: SamplingRule, isLast: boolean): GeneratedToken {
    const { id, logprob } = sampleToken(logits, rule, this.random)
    this.last = id
    const token = { row: this.index, id, logprob }
    if (this.ends.includes(id)) return this.finish({ ...token, text: this.stream?.end() ?? '', finish: 'end' })
    const { text, stopped } = this.stream?.push(id, isLast) ?? { text: '', stopped: false }
    if (stopped) return this.finish({ ...token, text, finish: 'stop' })
    return isLast ? this.finish({ ...token, text, finish: 'length' }) : { ...token, text }
  }

  private finish(token: GeneratedToken): GeneratedToken {
    this.finished = true
    return token
  }
}

function promptLength(prompts: readonly (readonly number[])[]): number {
  const length = prompts[0]?.length ?? 0
  if (length > 0 && prompts.every((prompt) => prompt.length === length)) return length
  throw new LoupeError('bad-input', `prompts of ${prompts.map((prompt) => prompt.length).join(', ') || 'no'} tokens`, {
    remedy: 'the rows of one batch need prompts of the same length, of one token at least',
  })
}

/** Runs the ids `[rows, …]`; one copy of the logits `[d_vocab]` per row. */
function lastLogits(
  model: HookedModel,
  ids: Int32Array,
  rows: number,
  cache: KeyValueCache,
  edits: GenerateOptions['edits'],
): Float32Array[] {
  const tokens = { ids, batch: rows, seq: ids.length / rows }
  const { logits } = model.run(tokens, { cache, logits: 'last', ...(edits && { edits }) })
  const values = logits!.dataSync<'float32'>()
  logits!.dispose()
  const width = model.config.d_vocab
  return Array.from({ length: rows }, (_, row) => values.subarray(row * width, (row + 1) * width))
}
