/** What engines receive and return: the interface between the training loop and the code that computes a step. */
import type { NamedTensor } from '../../tensors/arrays'
import type { AdamHyperparameters } from '../kernels/variables'
import type { Codes } from '../codes/codes'
import type { LossSpec, SelectionSpec } from '.'
import type { LossFigures } from './losses/loss'

/**
 * The trained tensors by their public names: `W_enc [d_in, d_sae]`, `b_enc`, `W_dec [d_sae, d_out]`, `b_dec`; `W_skip
 * [d_out, d_in]` where there is a skip connection; and those that the selection rule declares.
 */
export type Parameters = Record<string, NamedTensor>

/** A training step as data: all that an engine knows of an architecture. */
export interface EngineSpec {
  d_in: number
  /** Width of what is reconstructed: `d_in`, except for transcoders. */
  d_out: number
  d_sae: number
  /** Factor on raw inputs; calibration chooses it so that the mean of ‖x‖² is d_in. */
  inputScale: number
  /** Factor on raw targets; equals `inputScale` where the input is its own target. */
  targetScale: number
  /** Whether the encoder sees `x − b_dec` (autoencoders) or `x` (transcoders). */
  subtractDecoderBias: boolean
  /** Whether the reconstruction adds `W_skip x`, as skip transcoders do. */
  skip?: boolean
  select: SelectionSpec
  losses: LossSpec[]
  /** Tokens without firing after which a latent counts as dead. */
  deadAfterTokens: number
  optimiser: AdamSpec
}

/** Adam with a clipped global gradient norm. */
export interface AdamSpec extends AdamHyperparameters {
  /** Bound on the norm of all gradients together; null: no bound. */
  gradientClip: number | null
  /** Whether decoder rows keep norm 1: their gradients are projected, and the rows rescaled after the update. */
  unitNormDecoder: boolean
  /** Factors on the learning rate of single parameters, for parameters that are larger by a known factor; 1 where absent. */
  rates?: Record<string, number>
}

export interface EngineInfo {
  name: 'reference' | 'tensorflow'
  device: 'cpu' | 'cuda'
  dtype: 'float32'
  /** What decides the last bits (see `Backend.fingerprint`); runs on different ones are not mixed. */
  fingerprint: string
}

/** One batch in raw units, row-major. The arrays must not change until the step has resolved. */
export interface StepInput {
  /** `[n, d_in]` */
  x: Float32Array
  /** `[n, d_out]`: what to reconstruct where it is not `x`. */
  target?: Float32Array
  /** `[n, d_out]` dLoss/dx, for selection rules that rank by it; other rules refuse it. */
  gradient?: Float32Array
}

export interface StepOptions {
  learningRate: number
  /** Reading values back waits for the device: the loop does so every few steps only. */
  readMetrics: boolean
}

/** How a batch is encoded outside a step. */
export interface EncodeOptions {
  /**
   * `inference` (default): each token on its own, as the saved dictionary does it. `training`: as the last step would
   * have selected in this batch. The state of the engine does not change.
   */
  by?: 'inference' | 'training'
  /** With `training`: the pass that this batch belongs to. Without it, selection starts from the state of the last step. */
  pass?: EncodingPass
  /** `[n, d_out]` dLoss/dx: for the training rule of gradient SAEs, which ranks by it. */
  gradient?: Float32Array
}

/**
 * Batches that are encoded by the training rule one after the other, like steps: a rule that carries something from each
 * batch to the next (credits of Feature Choice) carries it here. `{}` begins a pass; for one run of one engine.
 */
export interface EncodingPass {
  /** Set by the engine. */
  carried?: Record<string, NamedTensor>
}

/** Figures of one batch, before its update; in scaled units where units matter. */
export interface StepMetrics extends LossFigures {
  loss: number
  /** Every loss part by name, weighted as in `loss`. */
  parts: Record<string, number>
  /** Mean number of active latents per token. */
  l0: number
  /** 1 − Σ‖x − x̂‖² / Σ‖x − mean x‖², over this batch. */
  explainedVariance: number
  deadLatents: number
  /** Before clipping. */
  gradientNorm: number
  /**
   * What the selection rule carries from step to step, where it is a single number; `medianThreshold` where each latent
   * has its own. In scaled units.
   */
  selection: Record<string, number>
  /** The same of the loss parts: `l1.coefficient` where it is adapted. */
  losses: Record<string, number>
}

/** Everything that a step depends on, apart from the specification; an engine that loads it continues bit for bit. */
export interface EngineState {
  /** Steps taken. */
  step: number
  /** Parameters under their public names; `adam.m.*`, `adam.v.*`; `tokens_since_fired`, `density`; `select.*`, `loss.*`. */
  tensors: Record<string, NamedTensor>
}

/** One run's computation. Not shared between runs; methods are not called concurrently. */
export interface TrainEngine {
  readonly info: EngineInfo
  /** @param parameters those beyond weights and biases may be absent: they start with the values that the specification declares */
  init(spec: EngineSpec, parameters: Parameters): Promise<void>
  /**
   * Selects, reconstructs, takes gradients and updates.
   * @throws LoupeError when the gradients are not finite; the parameters are then those before the step
   */
  step(input: StepInput, options: StepOptions): Promise<StepMetrics | null>
  /** @param x `[n, d_in]`, raw; codes are in scaled units */
  encode(x: Float32Array, options?: EncodeOptions): Promise<Codes>
  /** @param x `[n, d_in]`, raw: of these codes, where there is a skip connection. @returns `[n, d_out]`, raw */
  decode(codes: Codes, x?: Float32Array): Promise<Float32Array>
  params(): Promise<Parameters>
  state(): Promise<EngineState>
  load(state: EngineState): Promise<void>
  dispose(): void
}
