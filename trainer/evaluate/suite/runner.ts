/** A part of the suite as code: what it measures on, and how its work is divided. */
import type * as tf from '@tensorflow/tfjs-core'
import type { HookedModel, LoupeTokenizer } from '../../model/types'
import type { Stage } from '../../progress'
import type { Dictionary } from '../../sae/dictionary/dictionary'
import type { CoreFigures, SuiteResult } from './definition'

/** What a part of the suite measures on. */
export interface SuiteInput {
  model: HookedModel
  tokenizer: LoupeTokenizer
  hook: string
  /** Of the harvest: positions with more than ten times this norm are attention sinks. */
  medianNorm: number
  dictionary: Dictionary
  /** Another dictionary of the same hook, to compare with. */
  control?: { name: string; dictionary: Dictionary }
  /** Counted rows of held-out text in order, with the number of the context of each. */
  heldOutRows: () => AsyncIterable<{ n: number; x: Float32Array; context: Int32Array }>
  /** Up to `count` held-out contexts drawn by the seed, `[n, contextSize]` ids, padding at the end of a short one. */
  heldOutContexts(count: number, seed: number): Promise<{ tokens: Int32Array; contextSize: number }>
  /** What an evaluation without a suite measures, the cross-entropy over this many held-out tokens. */
  coreFigures(tokens: number, stage: Stage): Promise<CoreFigures>
  /** The token that each direction `[n, d]` promotes most by the direct path; null where the hook has none. */
  promoted(directions: tf.Tensor2D): number[] | null
  /** Values that parts share: made once and disposed with the input. */
  keep<T extends { dispose(): void }>(key: string, make: () => Promise<T>): Promise<T>
}

/** Work `[from, to)` of one part, in its own unit, and its cost. */
export interface SuitePart {
  from: number
  to: number
  /** Tokens through the model, the measure of progress. */
  tokens: number
}

/** Measures one thing. Parts may run in any order on any machine of one engine; their results are plain JSON. */
export interface SuiteRunner<Settings = unknown, Part extends object = object> {
  plan(settings: Settings, options: { hasControl: boolean }): SuitePart[]
  /** @param stage reports in tokens of this part */
  run(settings: Settings, part: SuitePart, input: SuiteInput, stage: Stage): Promise<Part>
  finish(settings: Settings, parts: readonly Part[]): SuiteResult
}
