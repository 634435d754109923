/** What a model family brings: how its config is read from each file format, its tensors, and how it is built. */
import type { HookedModel, ModelConfig } from '../types'

/** One weight tensor, under its name in each file format. Shapes are row-major, `[out, in]` for matrices. */
export interface TensorSpec {
  huggingFace: string
  gguf: string
  shape: readonly number[]
  /**
   * llama.cpp stores the rows of each attention head interleaved (pairs 2i, 2i+1) for its own rotary embedding; the
   * reader puts them back into halves. The number of heads in the tensor, where that is so.
   */
  ggufInterleavedHeads?: number
}

/** Reads a model's weights as float32, whatever the file holds. Every array belongs to the caller. */
export interface WeightReader {
  read(spec: TensorSpec): Promise<Float32Array>
}

/** Metadata of a GGUF file; reading a key that is missing or of another type fails with the key's name. */
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

export interface ModelFamily {
  readonly name: string
  /** `model_type` in a Hugging Face config.json. */
  readonly huggingFaceTypes: readonly string[]
  /** `general.architecture` in a GGUF file. */
  readonly ggufArchitectures: readonly string[]
  /** @param source name of the file, for messages */
  configFromHuggingFace(json: unknown, source: string): ModelConfig
  configFromGguf(metadata: GgufMetadata, tensorNames: ReadonlySet<string>): ModelConfig
  /** Every tensor the model needs; checked for presence and shape before any is read. */
  tensors(config: ModelConfig): TensorSpec[]
  /** Reads the weights onto the backend in use, one tensor at a time. */
  build(config: ModelConfig, weights: WeightReader): Promise<HookedModel>
}
