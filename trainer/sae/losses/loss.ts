import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Handle, RawTensorFlow } from '../../tensors/raw'
import type { SparseSelection } from '../selections/selection'

/** A batch after its forward pass on the reference engine; everything dense, in scaled units. */
export interface ReferenceStep {
  /** `[n, d_sae]` pre-activations */
  pre: Tensor2D
  /** `[n, d_sae]` activations */
  z: Tensor2D
  /** `[n, d_out]` x̂ − target */
  error: Tensor2D
  /** `[d_sae, d_out]` */
  W_dec: Tensor2D
  /** `[d_sae]` 1 where a latent is dead, firing of this batch included */
  dead: Tensor1D
  deadCount: number
  /** `[d_sae]` average share of tokens on which a latent is on, this batch included. */
  density: Tensor1D
}

/** What a part adds to the loss, and its gradients at the seams all parts share. */
export interface ReferenceContribution {
  value: Scalar
  /** `[n, d_sae]` d part/d pre; the engine carries it on into W_enc, b_enc and b_dec. */
  pre: Tensor2D
  /** `[d_sae, d_out]` */
  W_dec: Tensor2D
  /** `[d_out]`, through the reconstruction only; absent where the part decodes without bias. */
  b_dec?: Tensor1D
}

/** The same batch on the tensorflow engine; codes stay sparse. */
export interface TensorflowStep {
  raw: RawTensorFlow
  pre: Handle
  selection: SparseSelection
  /** Codes as a CSR matrix `[n, d_sae]`. */
  codes: Handle
  error: Handle
  /** `[n, d_in + 1]`: the encoder's input with a column of ones, so that its product carries the bias. */
  input: Handle
  W_dec: Handle
  /** `[deadCount]` int32, ascending. */
  dead: Handle
  deadCount: number
  /** `[d_sae]` average share of tokens on which a latent is on, this batch included. */
  density: Handle
}

/** A gradient of the whole tensor, or of the listed rows only. */
export interface TensorflowGradient {
  /** `encoder`: `[d_sae, d_in + 1]`, W_encᵀ with b_enc as its last column. */
  of: 'encoder' | 'W_dec' | 'b_dec'
  /** `[m]` int32; absent: all rows. */
  rows?: Handle
  values: Handle
}

export interface TensorflowContribution {
  value: Handle
  gradients: TensorflowGradient[]
}

/**
 * One addend of the loss with hand-written gradients, on both engines. A part that has nothing to say about a batch
 * returns null. Gradients through the encoder to b_dec are the engine's work.
 */
export interface LossPart<Spec> {
  reference(step: ReferenceStep, spec: Spec): ReferenceContribution | null
  tensorflow(step: TensorflowStep, spec: Spec): TensorflowContribution | null
}
