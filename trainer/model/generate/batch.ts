/** The model's part of generation: rows run together, first the prompt in intervals, then token by token. */
import { setImmediate } from 'node:timers/promises'
import { LoupeError } from '../../errors'
import { Prediction } from './prediction'
import type { HookEdit, HookedModel, KeyValueCache } from '../types'

export interface BatchOptions {
  /** Token ids of each row; all rows are equally long. */
  prompts: readonly (readonly number[])[]
  /** Applied in every forward pass: to the prompt, in intervals, then to one position at a time. */
  edits?: ReadonlyMap<string, HookEdit>
  /** Rows that are equal to the end of the prompt run it once. */
  sharedPrompt?: {
    /** For each row, the row of the pass over the prompt that it continues, numbered in order of appearance. */
    rows: readonly number[]
    /** Used instead of `edits` in the pass over the prompt, which has fewer rows. */
    edits: ReadonlyMap<string, HookEdit>
  }
  /** The row of the batch whose logits a row uses, evaluated after each pass; its own by default. */
  predictedBy?: (row: number) => number
  signal?: AbortSignal
}

/** The prediction of a row. */
export type PredictionOf = (row: number) => Prediction

/** Positions that run at once: bounds memory and the time until other work gets its turn. */
const INTERVAL = 128

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
    for (let from = 0; from < this.promptLength; from += INTERVAL) {
      const interval = passed.map((prompt) => prompt.slice(from, from + INTERVAL))
      const isLast = from + INTERVAL >= this.promptLength
      await this.turn()
      logits = this.pass(Int32Array.from(interval.flat()), passed.length, sharedPrompt?.edits ?? edits, isLast)
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

  /** Gives other work of the process its turn, including an abort. */
  private async turn(): Promise<void> {
    await setImmediate()
    if (this.options.signal?.aborted) throw new LoupeError('cancelled', 'generation was stopped')
  }

  /** Runs the ids `[rows, …]`; returns logits `[d_vocab]` of each row's last position, or none. */
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

  /** Computed on demand, and once for rows that share them. */
  private predictions(logits: readonly Float32Array[]): PredictionOf {
    const { predictedBy = (row: number) => row } = this.options
    const made = new Map<Float32Array, Prediction>()
    return (row) => {
      const values = logits[predictedBy(row)]!
      const prediction = made.get(values) ?? new Prediction(values)
      made.set(values, prediction)
      return prediction
    }
  }
}

function commonLength(prompts: readonly (readonly number[])[]): number {
  const length = prompts[0]?.length ?? 0
  if (length > 0 && prompts.every((prompt) => prompt.length === length)) return length
  throw new LoupeError('bad-input', `prompts of ${prompts.map((prompt) => prompt.length).join(', ') || 'no'} tokens`, {
    remedy: 'the rows of one batch need prompts of the same length, with at least one token',
  })
}
