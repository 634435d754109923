import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Handle, RawTensorFlow } from '../../tensors/raw'
import type { Entries } from '../engines/kernels/topk'

/** Active latents of a batch on the tensorflow engine. Values are ≥ 0; an entry at 0 is selected but off. */
export interface SparseSelection extends Entries {
  n: number
  d_sae: number
  /** Entries per row, the same for all rows. */
  perRow: number
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
  /** @param pre `[n, d_sae]` pre-activations. @returns `[n, d_sae]` activations, zero where off */
  reference(pre: Tensor2D, spec: Spec): Tensor2D
  tensorflow(raw: RawTensorFlow, pre: Handle, spec: Spec): SparseSelection
}
