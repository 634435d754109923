/** Dictionaries, models and contexts with known statistics: for tests. */
import * as tf from '@tensorflow/tfjs-core'
import type { HookedModel, ModelConfig } from '../model/types'
import { Dictionary } from '../sae/dictionary/dictionary'
import type { OrderedBatch } from '../store/orderedStream'

/** Codes are the positive entries of the input itself, so a test states the activations directly. */
export function identityDictionary(width: number): Dictionary {
  const identity = {
    shape: [width, width],
    data: new Float32Array(width * width).map((_, i) => (i % (width + 1) ? 0 : 1)),
  }
  const zeros = { shape: [width], data: new Float32Array(width) }
  return Dictionary.create(
    { architecture: 'identity', d_in: width, d_sae: width, activation: { kind: 'relu' }, apply_b_dec_to_input: false },
    { W_enc: identity, W_dec: identity, b_enc: zeros, b_dec: zeros },
  )
}

/** A model that is only an unembedding `[d_model, d_vocab]` behind an RMSNorm with a gain. */
export function unembeddingOnly(
  weights: tf.Tensor2D,
  gain: tf.Tensor1D,
): Pick<HookedModel, 'config' | 'unembed' | 'directLogits'> {
  const [d_model, d_vocab] = weights.shape
  const config: ModelConfig = {
    family: 'unembedding',
    n_layers: 0,
    d_model,
    n_heads: 1,
    n_kv_heads: 1,
    d_head: d_model,
    d_mlp: 1,
    d_vocab,
    n_ctx: 1,
    norm_eps: 1e-6,
    tied_embeddings: false,
  }
  const rms = (residual: tf.Tensor) => tf.sqrt(tf.add(tf.mean(tf.square(residual), 1, true), config.norm_eps))
  const normalised = (residual: tf.Tensor) => tf.mul(tf.div(residual, rms(residual)), gain)
  return {
    config,
    unembed: (residual, { finalNorm = true } = {}) =>
      tf.tidy(() => tf.matMul(finalNorm ? normalised(residual) : residual, weights)),
    directLogits: (directions) => ({
      logits: tf.tidy(() => tf.matMul(normalised(directions), weights)),
      scales: tf.tidy(() => rms(directions)),
    }),
  }
}

/** Whole contexts as a test states them. */
export interface PlantedContexts {
  /** `[contexts × contextSize]` ids; -1 is padding. */
  tokens: Int32Array
  /** `[contexts × contextSize]` 1 where a row does not count. */
  excluded: Uint8Array
  /** `[contexts × contextSize, d_in]` */
  activations: Float32Array
}

/** Their rows that count, as the store delivers them, `batchSize` at a time. */
export async function* inBatches(
  planted: PlantedContexts,
  contextSize: number,
  batchSize: number,
): AsyncGenerator<OrderedBatch> {
  const { tokens, excluded, activations } = planted
  const width = activations.length / tokens.length
  const rows = Array.from(tokens.keys()).filter((row) => !excluded[row])
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize)
    const x = new Float32Array(batch.length * width)
    batch.forEach((row, i) => x.set(activations.subarray(row * width, (row + 1) * width), i * width))
    yield await Promise.resolve({
      n: batch.length,
      x,
      context: Int32Array.from(batch, (row) => Math.floor(row / contextSize)),
      position: Int32Array.from(batch, (row) => row % contextSize),
      token: Int32Array.from(batch, (row) => tokens[row]!),
    })
  }
}
