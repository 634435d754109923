/** A loss part as a record: its value, its gradients, what it carries and what it reports. */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Handle, RawTensorFlow } from '../../../tensors/raw'
import type { FiringOnHost } from '../../kernels/firing'
import type { TensorflowGradient } from '../../kernels/gradients'
import type { CodeMatrix } from '../../kernels/selected'
import type { Selection } from '../../kernels/selection'
import type { NamedTensor } from '../../../tensors/arrays'

/** A batch after its forward pass, as tensors of one engine; in scaled units. */
interface Step<Matrix, Vector, Any> {
  /** Steps taken before this one. */
  step: number
  /** `[n, d_in]`, as skip connections see it. */
  x: Matrix
  /** `[n, d_sae]` pre-activations */
  pre: Matrix
  /** `[n, d_out]` */
  target: Matrix
  /** `[n, d_out]` x̂ − target */
  error: Matrix
  /** `[d_sae, d_out]` */
  W_dec: Matrix
  /** `[d_out]` */
  b_dec: Vector
  /** Trained tensors beyond the weights and biases, by name: those of the selection rule, and W_skip. */
  parameters: Readonly<Record<string, Any>>
  deadCount: number
  /** `[d_sae]` average share of tokens on which a latent is on, this batch included. */
  density: Vector
  /** Mean number of active latents per token. Reads it back from the device: for parts that need it. */
  l0: () => number
}

/** On the reference engine; everything dense. */
export interface ReferenceStep extends Step<Tensor2D, Tensor1D, Tensor> {
  /** `[n, d_sae]` activations */
  z: Tensor2D
  /** `[d_sae]` 1 where a latent is dead, firing of this batch included */
  dead: Tensor1D
}

/** What a part adds to the loss, and its gradients at the seams all parts share. */
export interface ReferenceContribution {
  value: Scalar
  /** `[n, d_sae]` d part/d z of all latents; the selection rule carries it on. */
  z?: Tensor2D
  /** `[n, d_sae]` d part/d pre; the engine carries it on into W_enc, b_enc and b_dec. */
  pre?: Tensor2D
  /** `[d_sae, d_out]` */
  W_dec?: Tensor2D
  /** `[d_out]`, through the reconstruction only; absent where the part decodes without bias. */
  b_dec?: Tensor1D
  /** Of further trained tensors, by name. */
  parameters?: Record<string, Tensor>
  /** What the part carries on to the next step: every name of its `state`. */
  state?: Record<string, Tensor>
}

/** On the tensorflow engine. */
export interface TensorflowStep extends Step<Handle, Handle, Handle> {
  raw: RawTensorFlow
  selection: Selection
  /** The selection's activations, to multiply with. */
  codes: CodeMatrix
  /** `[n, d_in + 1]`: the encoder's input with a column of ones, so that its product carries the bias. */
  input: Handle
  /** `[deadCount]` int32, ascending. */
  dead: Handle
}

export interface TensorflowContribution {
  value: Handle
  /** d part/d z at the entries of the selection; the selection rule carries it on. */
  z?: Handle
  /** d part/d pre at the entries of the selection; the engine carries it on into the encoder and b_dec. */
  pre?: Handle
  gradients?: TensorflowGradient[]
  state?: Record<string, Handle>
}

/** Figures of a step that only some loss parts can report. */
export interface LossFigures {
  /** Latents that are not dead, but fire less than a Zipf law expects; absent where no loss part measures them. */
  dyingLatents?: number
}

/**
 * One addend of the loss with hand-written gradients, on both engines. A part that does not apply to a batch returns
 * null. Gradients through the encoder to b_dec are the engine's work.
 */
export interface LossPart<Spec extends { part: string }> {
  /** As in `part` of its settings. */
  readonly name: Spec['part']
  /** What the part carries from step to step, by name, with first values; saved with everything else. */
  state?(spec: Spec): Record<string, NamedTensor>
  reference(step: ReferenceStep, spec: Spec, state: Readonly<Record<string, Tensor>>): ReferenceContribution | null
  tensorflow(step: TensorflowStep, spec: Spec, state: Readonly<Record<string, Handle>>): TensorflowContribution | null
  /** What it reports of a batch besides its value. @param firing of this batch included; reads it back from the device */
  figures?(spec: Spec, firing: () => FiringOnHost): LossFigures
}
