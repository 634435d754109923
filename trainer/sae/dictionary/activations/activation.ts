/** An activation as a record: from pre-activations to codes. */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { z } from 'zod'
import type { Codes } from '../../codes/codes'

/** An activation with its settings: from pre-activations to codes. */
export interface ActivationRule {
  /** The `[d_sae]` tensors it needs in addition to `W_enc`, `W_dec` and `b_dec`. */
  readonly tensors: readonly string[]
  /** Pre-activations are multiplied by ‖W_dec‖ before selection, and codes divided by it when they are decoded. */
  readonly rescalesByDecoderNorm: boolean
  /** Why the settings do not fit this width; undefined if they do. */
  problem(d_sae: number): string | undefined
  /**
   * Which latents are on, and how strongly. Only positive entries of a dense result count.
   * @param pre `[n, d_sae]`: `x W_enc + b_enc`, without the bias where `tensors` has no `b_enc`; scaled if rescaled
   * @param tensors by name, `[d_sae]` each
   */
  select(pre: Tensor2D, tensors: Readonly<Record<string, Tensor>>): Tensor2D | Codes
}

/** One kind of activation: its name, the settings it takes, and how they become a rule. */
export interface Activation<Schema extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly schema: Schema
  /** @param config valid by `schema` */
  bind(config: z.output<Schema>): ActivationRule
}

/** What most activations have in common. */
export const plainRule = { rescalesByDecoderNorm: false, problem: () => undefined }
