/** What a model family brings to the shared transformer: the parts of its forward pass, as steps with hooks. */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { AttentionCache } from './cache'
import type { HookedSteps, HookPlan } from './hookPlan'

/** One forward pass: what the blocks need besides the residual stream. */
export interface Pass {
  batch: number
  seq: number
  /** Positions before this pass, stored in the cache. */
  offset: number
  plan: HookPlan
  cache?: AttentionCache
}

/** The norm before the unembedding, in three parts. All take rows `[n, d_model]`. */
export interface FinalNorm {
  /** `[n, d_model]` → `[n, d_model]`. */
  normalise(residual: Tensor): Tensor
  /** The same without the bias, for directions: a direction does not carry the bias. */
  normaliseDirection(direction: Tensor): Tensor
  /** `[n, 1]` what the norm divides each row by. */
  scale(residual: Tensor): Tensor
}

/** The forward pass of a family. The residual stream is `[batch · seq, d_model]` between its parts. */
export interface Blocks {
  /** The steps from ids `[batch · seq]` (int32) to the first block, with the hooks of the embedding. */
  embed(ids: Tensor1D, pass: Pass): HookedSteps<Tensor>
  /** The steps of one pass: for a layer, from `hook_resid_pre` to `hook_resid_post`. */
  begin(pass: Pass): (layer: number, residual: Tensor) => HookedSteps<Tensor>
  readonly finalNorm: FinalNorm
  /** `[n, d_model]` → `[n, d_vocab]`. */
  unembed(normalised: Tensor): Tensor
  /** The same blocks in ops that tfjs differentiates. They share these blocks' weights and tables. */
  differentiable(): Blocks
  dispose(): void
}

/** Passes a value through a hook, in the shape that the hook shows (a reshape). A hook that nobody wants costs nothing. */
export function* tap(pass: Pass, name: string, value: Tensor, shape = value.shape): HookedSteps<Tensor> {
  if (!pass.plan.wants(name)) return value
  return tf.reshape(yield { name, value: tf.reshape(value, shape) }, value.shape)
}

/** The same for rows of the residual stream, `[batch · seq, d]`, which hooks show as `[batch, seq, d]`. */
export function tapRows(pass: Pass, name: string, rows: Tensor): HookedSteps<Tensor> {
  return tap(pass, name, rows, [pass.batch, pass.seq, rows.shape[1]!])
}
