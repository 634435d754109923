import type { Tensor } from '@tensorflow/tfjs-core'

/** What a family needs to build itself; field names as in TransformerLens where it has one. */
export interface ModelConfig {
  family: string
  n_layers: number
  d_model: number
  n_heads: number
  n_kv_heads: number
  d_head: number
  d_mlp: number
  d_vocab: number
  n_ctx: number
  /** RMSNorm or LayerNorm epsilon. */
  norm_eps: number
  rope_theta: number
  activation: 'silu' | 'gelu_tanh' | 'gelu' | 'relu'
  tied_embeddings: boolean
}

/** Keys and values of the positions so far, a pair per layer; owned by the caller. */
export interface KeyValueCache {
  /** Positions stored. */
  readonly length: number
  /** Forgets the positions from this one on. */
  truncate(length: number): void
  /** A cache whose rows begin as copies of these rows of this one, which is used up. */
  spread(rows: readonly number[]): KeyValueCache
  dispose(): void
}

/** Replaces a hook's value during a run; returns a new tensor of the same shape (never the same object disposed). */
export type HookEdit = (value: Tensor) => Tensor

export interface RunOptions {
  /** Hook names whose values are returned in `captured`. */
  capture?: readonly string[]
  /** Hook name → edit, applied before the value is captured and before it flows on. */
  edits?: ReadonlyMap<string, HookEdit>
  /** Compute nothing after this hook; no logits then. */
  stopAt?: string
  /**
   * Begin at this block with this residual stream, `[batch, seq, d_model]`: what comes before is neither computed nor
   * shown. A cache must be truncated afterwards, as the blocks before have stored nothing in it.
   */
  startAt?: { layer: number; residual: Tensor }
  /** Continue from, and extend, this cache (generation). */
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
  /** Further hooks whose values are returned; the hook's own always is. */
  capture?: readonly string[]
}

export interface GradientResult {
  /** As of a run. */
  captured: Map<string, Tensor>
  /** dLoss/dx at the hook, in the shape of its value. */
  gradient: Tensor
  /** Sum of the cross-entropy over all targets, in nats. */
  loss: number
}

/** Token ids `[batch, seq]`, row-major. */
export interface TokenBatch {
  ids: Int32Array
  batch: number
  seq: number
}

/** A transformer with named hooks. All calls are synchronous; every returned tensor belongs to the caller. */
export interface HookedModel {
  readonly config: ModelConfig
  /** Every hook name of this model, in order of computation. */
  readonly hookNames: readonly string[]
  /** Width of one position at a hook, e.g. `[576]` for the residual stream, `[9, 64]` for hook_z. Throws for an unknown hook. */
  hookShape(name: string): number[]
  run(tokens: TokenBatch, options?: RunOptions): RunResult
  /**
   * The gradient, at a hook, of the cross-entropy summed over all targets: at a position it is the effect on every
   * later prediction of its row, its own among them. Values are those of `run`, bit for bit.
   */
  lossGradient(tokens: TokenBatch, options: GradientOptions): GradientResult
  newCache(batch: number): KeyValueCache
  /** `ln_final` and the unembedding of residual vectors `[n, d_model]` → `[n, d_vocab]`. */
  unembed(residual: Tensor, options?: { finalNorm?: boolean }): Tensor
  dispose(): void
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface LoupeTokenizer {
  /** Ids of the text as it stands: no special token added unless the model's own tokenizer adds one. */
  encode(text: string): number[]
  decode(ids: readonly number[]): string
  /** The text of one token as it appears in running text (spaces kept); special tokens by name. */
  tokenText(id: number): string
  /** The prompt of the model's own chat template, ready to be encoded; throws when the model has none. */
  applyChatTemplate(messages: readonly ChatMessage[]): string
  readonly vocabularySize: number
  readonly specialIds: {
    bos?: number
    eos?: number
    pad?: number
    unk?: number
    /** Every id that ends a generation; `eos` alone where this is absent. */
    ends?: readonly number[]
  }
  /** sha256 of the tokenizer's JSON form. */
  readonly hash: string
}

/** A model ready to run, with what identifies it. */
export interface LoadedModel {
  model: HookedModel
  /** Absent for a folder without a tokenizer. */
  tokenizer?: LoupeTokenizer
  /** sha256 over the weight file(s). */
  weightsHash: string
}
