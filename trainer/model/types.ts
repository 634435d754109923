/** What a model is to the rest of Loupe: its sizes, how it runs, its tokenizer. */
import type { Tensor } from '@tensorflow/tfjs-core'
import { z } from 'zod'

const count = z.int().positive()

/** The sizes that every model has, named as in TransformerLens where it has a name. A family adds its own fields. */
export const ModelConfig = z.object({
  family: z.string().describe('Name of the model family'),
  n_layers: count.describe('Number of blocks'),
  d_model: count.describe('Width of the residual stream'),
  n_heads: count.describe('Query heads of a block'),
  n_kv_heads: count.describe('Key heads of a block; several query heads can share one'),
  d_head: count.describe('Width of a head'),
  d_mlp: count.describe('Width inside the MLP'),
  d_vocab: count.describe('Size of the vocabulary'),
  n_ctx: count.describe('Positions of the longest text'),
  norm_eps: z.number().positive().describe('Epsilon of RMSNorm or LayerNorm'),
  tied_embeddings: z.boolean().describe('Whether the unembedding is the embedding'),
})
export type ModelConfig = z.output<typeof ModelConfig>

/** Keys and values of the positions so far, a pair per layer; the caller disposes it. */
export interface KeyValueCache {
  /** Positions stored. */
  readonly length: number
  /** Forgets the positions from this one on. */
  truncate(length: number): void
  /** A cache whose rows start as copies of these rows of this one. This one is used up. */
  spread(rows: readonly number[]): KeyValueCache
  dispose(): void
}

/** Replaces a hook's value during a run: returns a new tensor of the same shape and does not dispose the value. */
export type HookEdit = (value: Tensor) => Tensor

export interface RunOptions {
  /** Hook names whose values are returned in `captured`. */
  capture?: readonly string[]
  /** Hook name → edit. An edit is applied before the value is captured and before it flows on. */
  edits?: ReadonlyMap<string, HookEdit>
  /** Compute nothing after this hook; the result has no logits then. */
  stopAt?: string
  /**
   * Start at this block with this residual stream, `[batch, seq, d_model]`. Earlier hooks are neither computed nor
   * shown. Truncate the cache afterwards: the blocks before have stored nothing in it.
   */
  startAt?: { layer: number; residual: Tensor }
  /** Continue from this cache and extend it (generation). */
  cache?: KeyValueCache
  /** Which positions get logits: all (default), only the last, or none. */
  logits?: 'all' | 'last' | 'none'
}

export interface RunResult {
  /** `[batch, seq, d_vocab]`, or `[batch, 1, d_vocab]` for `last`. Absent for `none` and `stopAt`. */
  logits?: Tensor
  /** Hook name → value: `[batch, seq, d_model]`, `[batch, seq, heads, d_head]` or `[batch, heads, seq, seq]` (pattern). */
  captured: Map<string, Tensor>
}

export interface GradientOptions {
  /** Where the gradient is taken. */
  hook: string
  /** `[batch, seq]` the token that follows each position; −1 where nothing is predicted. */
  targets: Int32Array
  /** Further hooks whose values are returned. The value at `hook` always is. */
  capture?: readonly string[]
}

export interface GradientResult {
  /** As in the result of a run. */
  captured: Map<string, Tensor>
  /** dLoss/dx at the hook, in the shape of its value. */
  gradient: Tensor
  /** Sum of the cross-entropy over all targets, in nats. */
  loss: number
}

export interface DirectLogits {
  /** `[n, d_vocab]` */
  logits: Tensor
  /** `[n, 1]` */
  scales: Tensor
}

/** Token ids `[batch, seq]`, row-major. */
export interface TokenBatch {
  ids: Int32Array
  batch: number
  seq: number
}

/** A transformer with named hooks. All calls are synchronous; the caller disposes every returned tensor. */
export interface HookedModel {
  readonly config: ModelConfig
  /** Every hook name of this model, in order of computation. */
  readonly hookNames: readonly string[]
  /** Width of one position at a hook, e.g. `[576]` for the residual stream, `[9, 64]` for hook_z. Throws for an unknown hook. */
  hookShape(name: string): number[]
  run(tokens: TokenBatch, options?: RunOptions): RunResult
  /**
   * The gradient, at a hook, of the cross-entropy summed over all targets: at a position it is the effect on the
   * prediction there and on every later prediction of its row. Values equal those of `run`, bit for bit.
   */
  lossGradient(tokens: TokenBatch, options: GradientOptions): GradientResult
  newCache(batch: number): KeyValueCache
  /** `ln_final` and the unembedding of residual vectors `[n, d_model]` → `[n, d_vocab]`. */
  unembed(residual: Tensor, options?: { finalNorm?: boolean }): Tensor
  /**
   * The direct path of directions `[n, d_model]` from the residual stream to the logits: the linear part of `ln_final`
   * (its gain, and its centring where it centres) and the unembedding. Neither the scale of the norm nor its bias is
   * part of the effect. The product `logits · scales` is the effect; ranks do not depend on the scales.
   */
  directLogits(directions: Tensor): DirectLogits
  dispose(): void
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface LoupeTokenizer {
  /** Ids of the text. No special token is added unless the model's own tokenizer adds one. */
  encode(text: string): number[]
  decode(ids: readonly number[]): string
  /** The text of one token as it appears in running text (spaces kept); special tokens by name. */
  tokenText(id: number): string
  /** The prompt of the model's own chat template, ready to be encoded. Throws when the model has none. */
  applyChatTemplate(messages: readonly ChatMessage[]): string
  readonly vocabularySize: number
  readonly specialIds: {
    bos?: number
    eos?: number
    pad?: number
    unk?: number
    /** Every id that ends a generation; only `eos` where this is absent. */
    ends?: readonly number[]
  }
  /** sha256 of the tokenizer's JSON form. */
  readonly hash: string
}

/** A model that is ready to run, with the hash that identifies it. */
export interface LoadedModel {
  model: HookedModel
  /** Absent for a folder without a tokenizer. */
  tokenizer?: LoupeTokenizer
  /** sha256 over the weight file(s). */
  weightsHash: string
}
