import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Handle, RawTensorFlow } from '../../tensors/raw'
import type { Entries } from '../engines/kernels/topk'
import type { NamedTensor } from '../types'

/** Active latents of a batch on the tensorflow engine. Values are ≥ 0; an entry at 0 is selected but off. */
export interface SparseSelection extends Entries {
  n: number
  d_sae: number
  /** Entries per row, where all rows have the same number: products with them are then faster. */
  perRow?: number
}

/** What a rule may look at, as tensors of one engine. */
export interface SelectionBatch<Matrix, Vector, State> {
  /** `[n, d_sae]` pre-activations */
  pre: Matrix
  /** `[d_sae, d_out]` */
  W_dec: Matrix
  /** `[n, d_out]` dLoss/dx, raw; there if the rule needs it. */
  gradient?: Matrix
  /** Steps taken before this one. */
  step: number
  /** `[d_sae]` average share of tokens on which a latent was on, before this batch. */
  density: Vector
  /** The rule's own tensors, by name, as the step before left them. */
  state: Readonly<Record<string, State>>
}

export type ReferenceBatch = SelectionBatch<Tensor2D, Tensor1D, Tensor>
export type TensorflowBatch = SelectionBatch<Handle, Handle, Handle>

/** What is on in a batch of training, and the rule's tensors for the next step: every name of its `state`. */
export interface ReferenceSelected {
  /** `[n, d_sae]` activations, zero where off */
  z: Tensor2D
  state: Record<string, Tensor>
}

export interface TensorflowSelected {
  selection: SparseSelection
  state: Record<string, Handle>
}

/**
 * Which latents of a batch may be active, and how strongly: `reference` in plain tfjs ops on dense matrices, and the
 * same rule on TensorFlow's kernels. Ties go to the lowest index. Both must select alike.
 */
export interface SelectionRule<Spec> {
  /** Whether the rule ranks by dLoss/dx, so that a batch must bring it. */
  readonly needsGradient: boolean
  /** Why this specification cannot work, if it cannot. */
  problem(spec: Spec, d_sae: number): string | undefined
  /**
   * What the rule carries from step to step, with its first values. Engines keep it, and save it with everything else;
   * scalars (shape `[]`) are reported with the figures of a step.
   */
  state(spec: Spec, d_sae: number): Record<string, NamedTensor>
  /** Selection in training. */
  reference(batch: ReferenceBatch, spec: Spec): ReferenceSelected
  tensorflow(raw: RawTensorFlow, batch: TensorflowBatch, spec: Spec): TensorflowSelected
  /** Selection at inference: of each token on its own, whatever the batch, as the saved dictionary does it. */
  readonly inference: {
    /** @param pre `[n, d_sae]`. @returns `[n, d_sae]` activations, zero where off */
    reference(pre: Tensor2D, state: Readonly<Record<string, Tensor>>, spec: Spec): Tensor2D
    tensorflow(raw: RawTensorFlow, pre: Handle, state: Readonly<Record<string, Handle>>, spec: Spec): SparseSelection
  }
}
