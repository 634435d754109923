/** The model's side of generation: rows that go through it together, the prompt in intervals, then token by token. */
import { setImmediate } from 'node:timers/promises'
import { LoupeError } from '../../errors'
import { Prediction } from './prediction'
import type { HookEdit, HookedModel, KeyValueCache } from '../types'

export interface BatchOptions {
  /** Token ids of each row; all rows are equally long. */
  prompts: readonly (readonly number[])[]
  /** Applied in every forward pass: to the prompt, in intervals, then to one position at a time. */
  edits?: ReadonlyMap<string, HookEdit>
  /** Rows that are alike to the end of the prompt go through it once. */
  sharedPrompt?: {
    /** For each row the row of the pass over the prompt that it continues; these are numbered in order of appearance. */
    rows: readonly number[]
    /** Take the place of `edits` in the pass over the prompt, which has fewer rows. */
    edits: ReadonlyMap<string, HookEdit>
  }
  /** From which row of the batch a row takes what it predicts, asked after each pass; its own by default. */
  predictedBy?: (row: number) => number
  signal?: AbortSignal
}

/** What a row predicts. */
export type PredictionOf = (row: number) => Prediction

/** Positions that run at once: bounds memory and the time until something else has its turn. */
const STRETCH = 128

export class GenerationBatch {
  readonly promptLength: number
  private cache: KeyValueCache | undefined

  /** @throws LoupeError for prompts that are empty, unequally long, or beyond the context */
  constructor(
    private readonly model: HookedModel,
    private readonly options: BatchOptions,
  ) {
    this.promptLength = commonLength(options.prompts)
    const { n_ctx } = model.config
    if (this.promptLength <= n_ctx) return
    throw new LoupeError('too-large', `${this.promptLength} tokens are more than the model's context of ${n_ctx}`, {
      remedy: 'shorten the prompt',
    })
  }

  async runPrompt(): Promise<PredictionOf> {
    const { prompts, edits, sharedPrompt } = this.options
    const sources = sharedPrompt?.rows ?? prompts.map((_, row) => row)
    const passed = prompts.filter((_, row) => sources.indexOf(sources[row]!) === row)
    this.cache = this.model.newCache(passed.length)
    let logits: Float32Array[] = []
    for (let from = 0; from < this.promptLength; from += STRETCH) {
      const stretch = passed.map((prompt) => prompt.slice(from, from + STRETCH))
      const isLast = from + STRETCH >= this.promptLength
      await this.turn()
      logits = this.pass(Int32Array.from(stretch.flat()), passed.length, sharedPrompt?.edits ?? edits, isLast)
    }
    this.cache = this.cache.spread(sources)
    return this.predictions(sources.map((source) => logits[source]!))
  }

  /** @param ids the next token of each row */
  async run(ids: Int32Array): Promise<PredictionOf> {
    await this.turn()
    return this.predictions(this.pass(ids, ids.length, this.options.edits, true))
  }

  dispose(): void {
    this.cache?.dispose()
  }

  /** Lets other work of the process, an abort among it, have its turn. */
  private async turn(): Promise<void> {
    await setImmediate()
    if (this.options.signal?.aborted) throw new LoupeError('cancelled', 'generation was stopped')
  }

  /** Runs the ids `[rows, …]`; logits `[d_vocab]` of each row's last position, none unless they are wanted. */
  private pass(ids: Int32Array, rows: number, edits: BatchOptions['edits'], wanted: boolean): Float32Array[] {
    const { logits } = this.model.run(
      { ids, batch: rows, seq: ids.length / rows },
      { cache: this.cache, logits: wanted ? 'last' : 'none', ...(edits && { edits }) },
    )
    if (!logits) return []
    const values = logits.dataSync<'float32'>()
    logits.dispose()
    const width = this.model.config.d_vocab
    return Array.from({ length: rows }, (_, row) => values.subarray(row * width, (row + 1) * width))
  }

  /** Made when asked for, and once for rows that share them. */
  private predictions(logits: readonly Float32Array[]): PredictionOf {
    const { predictedBy = (row: number) => row } = this.options
    const made = new Map<Float32Array, Prediction>()
    return (row) => {
      const own = logits[predictedBy(row)]!
      const prediction = made.get(own) ?? new Prediction(own)
      made.set(own, prediction)
      return prediction
    }
  }
}

function commonLength(prompts: readonly (readonly number[])[]): number {
  const length = prompts[0]?.length ?? 0
  if (length > 0 && prompts.every((prompt) => prompt.length === length)) return length
  throw new LoupeError('bad-input', `prompts of ${prompts.map((prompt) => prompt.length).join(', ') || 'no'} tokens`, {
    remedy: 'the rows of one batch need prompts of the same length, of one token at least',
  })
}
