/** The record of a model family: how its configuration is read, its hooks, its tensors and its blocks. */
import type { z } from 'zod'
import type { HookShapes } from '../hooks'
import type { Blocks } from '../runtime/blocks'
import type { ModelKernels } from '../runtime/kernels'
import type { ModelConfig } from '../types'

/** One weight tensor, under its name in each file format. Shapes are row-major, `[out, in]` for matrices. */
export interface TensorSpec {
  huggingFace: string
  /** Another name in Hugging Face files, used where the first is absent. */
  huggingFaceAlternative?: string
  /** Hugging Face files hold the matrix as `[in, out]`. */
  huggingFaceTransposed?: boolean
  gguf: string
  shape: readonly number[]
  /**
   * llama.cpp stores the rows of each attention head interleaved (pairs 2i, 2i+1) for its rotary embedding; the reader
   * puts them back into halves. The number of heads in the tensor, where it is interleaved.
   */
  ggufInterleavedHeads?: number
}

/** Reads a model's weights as float32, whatever the file holds. Every array belongs to the caller. */
export interface WeightReader {
  read(spec: TensorSpec): Promise<Float32Array>
}

/** Metadata of a GGUF file. Reading a key that is missing or of another type fails with the key's name. */
export interface GgufMetadata {
  /** Basename of the file, for messages. */
  readonly source: string
  has(key: string): boolean
  number(key: string, fallback?: number): number
  string(key: string, fallback?: string): string
  boolean(key: string, fallback?: boolean): boolean
  strings(key: string): string[]
  numbers(key: string): number[]
}

export interface ModelFamily<Config extends ModelConfig = ModelConfig> {
  readonly name: string
  /** `model_type` in a Hugging Face config.json. */
  readonly huggingFaceTypes: readonly string[]
  /** `general.architecture` in a GGUF file. */
  readonly ggufArchitectures: readonly string[]
  /** The configuration as Loupe stores it: the common sizes and the family's own fields. */
  readonly schema: z.ZodType<Config>
  /** @param source name of the file, for messages */
  configFromHuggingFace(json: unknown, source: string): Config
  configFromGguf(metadata: GgufMetadata, tensorNames: ReadonlySet<string>): Config
  hookShapes(config: Config): HookShapes
  /** Every tensor the model needs; presence and shapes are checked before any is read. */
  tensors(config: Config): TensorSpec[]
  /** Reads the weights onto the backend in use, one tensor at a time: the forward pass, the final norm, the gradients. */
  read(config: Config, weights: WeightReader, kernels: ModelKernels): Promise<Blocks>
}
