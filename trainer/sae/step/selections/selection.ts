/** A selection rule as a record: which latents of a batch are on, in training and at inference. */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../../../tensors/arrays'
import type { Handle, RawTensorFlow } from '../../../tensors/raw'
import type { Selection } from '../../kernels/selection'

/** What selection at inference may use, as tensors of one engine. */
export interface InferenceBatch<Matrix, Vector, State> {
  /** `[n, d_sae]` pre-activations */
  pre: Matrix
  /** The tensors that the rule carries, by name, as the last step left them. */
  state: Readonly<Record<string, State>>
  /** Trained tensors beyond the weights and biases, by name: those of the rule among them. */
  parameters: Readonly<Record<string, State>>
  /** `[d_sae]` the encoder's bias, which `pre` already contains. */
  b_enc: () => Vector
}

/** What a rule may use in training. */
export interface SelectionBatch<Matrix, Vector, State> extends InferenceBatch<Matrix, Vector, State> {
  /** `[d_sae, d_out]` */
  W_dec: Matrix
  /** `[n, d_out]` dLoss/dx, raw; present if the rule needs it. */
  gradient?: Matrix
  /** Steps taken before this one. */
  step: number
  /** `[d_sae]` average share of tokens on which a latent was on, before this batch. */
  density: Vector
}

export type ReferenceBatch = SelectionBatch<Tensor2D, Tensor1D, Tensor>
export type TensorflowBatch = SelectionBatch<Handle, Handle, Handle>

/** What is on in a training batch, and the rule's tensors for the next step: every name of its `state`. */
export interface ReferenceSelected {
  /** `[n, d_sae]` activations, zero where off */
  z: Tensor2D
  state: Record<string, Tensor>
}

export interface TensorflowSelected {
  selection: Selection
  state: Record<string, Handle>
}

/** Where a gradient of the activations flows: to pre at the same entries, and to what the rule trains. */
export interface SelectionGradients<Values, State> {
  pre: Values
  /** By name; `b_enc` for what reaches the encoder's bias apart from `pre`. */
  parameters?: Record<string, State>
}

/** Backward of a rule. Without one, the gradient passes to `pre` where the activation is positive. */
export interface SelectionBackward<Spec> {
  /** @param dz `[n, d_sae]` d loss/d z of all latents, on or off */
  reference(batch: ReferenceBatch, z: Tensor2D, dz: Tensor2D, spec: Spec): SelectionGradients<Tensor2D, Tensor>
  /** @param dz at the entries of the selection */
  tensorflow(
    raw: RawTensorFlow,
    batch: TensorflowBatch,
    selection: Selection,
    dz: Handle,
    spec: Spec,
  ): SelectionGradients<Handle, Handle>
}

/** Selection at inference: of each token on its own, whatever the batch, as the saved dictionary does it. */
export interface SelectionInference<Spec> {
  /** @returns `[n, d_sae]` activations, zero where off */
  reference(batch: InferenceBatch<Tensor2D, Tensor1D, Tensor>, spec: Spec): Tensor2D
  tensorflow(raw: RawTensorFlow, batch: InferenceBatch<Handle, Handle, Handle>, spec: Spec): Selection
}

/**
 * Which latents of a batch may be active, and how strongly: `reference` in plain tfjs ops on dense matrices, `tensorflow`
 * on TensorFlow's kernels. Ties go to the lowest index. Both must select alike.
 */
export interface SelectionRule<Spec extends { rule: string }> {
  /** As in `rule` of its settings. */
  readonly name: Spec['rule']
  /** Whether the rule ranks by dLoss/dx, so that a batch must contain it. */
  readonly needsGradient: boolean
  /** Why these settings cannot work, or undefined if they can. */
  problem(spec: Spec, d_sae: number): string | undefined
  /** Tensors it trains, by name, with first values; engines treat them like weights. */
  parameters?(spec: Spec, d_sae: number): Record<string, NamedTensor>
  readonly backward?: SelectionBackward<Spec>
  /**
   * What the rule carries from step to step, with its first values. Engines keep it and save it with everything else;
   * scalars (shape `[]`) are reported with the figures of a step.
   */
  state(spec: Spec, d_sae: number): Record<string, NamedTensor>
  /** Selection in training. */
  reference(batch: ReferenceBatch, spec: Spec): ReferenceSelected
  tensorflow(raw: RawTensorFlow, batch: TensorflowBatch, spec: Spec): TensorflowSelected
  readonly inference: SelectionInference<Spec>
}
