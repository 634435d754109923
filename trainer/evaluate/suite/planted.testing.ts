/** A model of one row for each token, and dictionaries whose latents are known. */
import * as tf from '@tensorflow/tfjs-core'
import type { HookedModel, LoupeTokenizer, RunOptions, TokenBatch } from '../../model/types'
import { Dictionary } from '../../sae/dictionary/dictionary'
import type { SuiteInput } from './runner'

export const PLANTED_HOOK = 'blocks.0.hook_resid_post'

/**
 * Token → row of `values` `[tokens, d]` → the hook → logits by `unembedding` `[d, d_vocab]`: nothing is mixed across
 * positions, so its cache holds nothing.
 */
export function plantedModel(values: Float32Array, d: number, unembedding: Float32Array): HookedModel {
  const d_vocab = unembedding.length / d
  const tokens = values.length / d
  const unused = (): never => {
    throw new Error('not part of this model')
  }
  const cache = { length: 0, truncate: () => undefined, dispose: () => undefined }
  const newCache = () => ({ ...cache, spread: () => ({ ...cache, spread: unused }) })
  return {
    config: { d_vocab, n_ctx: 1000, n_layers: 1, d_model: d } as HookedModel['config'],
    hookNames: [PLANTED_HOOK],
    hookShape: () => [d],
    newCache,
    unembed: unused,
    directLogits: unused,
    lossGradient: unused,
    dispose: () => undefined,
    run({ ids, batch, seq }: TokenBatch, { capture, logits, startAt, stopAt }: RunOptions = {}) {
      const run = tf.tidy(() => {
        const x = startAt
          ? tf.reshape<tf.Rank.R2>(startAt.residual, [batch * seq, d])
          : tf.gather(tf.tensor2d(values, [tokens, d]), tf.tensor1d(ids, 'int32'))
        const product = tf.matMul(x, tf.tensor2d(unembedding, [d, d_vocab]))
        return { x: tf.reshape(x, [batch, seq, d]), logits: tf.reshape(product, [batch, seq, d_vocab]) }
      })
      const captured = new Map<string, tf.Tensor>()
      if (capture?.includes(PLANTED_HOOK)) captured.set(PLANTED_HOOK, run.x)
      else run.x.dispose()
      if (logits !== 'none' && stopAt === undefined) return { captured, logits: run.logits }
      run.logits.dispose()
      return { captured }
    },
  }
}

/** Latent f reads and writes the unit direction f of `directions` `[d_sae, d]`, above a threshold of `bias`. */
export function plantedDictionary(directions: Float32Array, d: number, bias = 0): Dictionary {
  const d_sae = directions.length / d
  const encoder = new Float32Array(d * d_sae)
  for (let f = 0; f < d_sae; f++) for (let i = 0; i < d; i++) encoder[i * d_sae + f] = directions[f * d + i]!
  return Dictionary.create(
    { architecture: 'planted', d_in: d, d_sae, activation: { kind: 'relu' }, apply_b_dec_to_input: false },
    {
      W_enc: { shape: [d, d_sae], data: encoder },
      W_dec: { shape: [d_sae, d], data: directions },
      b_enc: { shape: [d_sae], data: new Float32Array(d_sae).fill(-bias) },
      b_dec: { shape: [d], data: new Float32Array(d) },
    },
  )
}

/** A tokenizer whose words stand in `words`, a token each; texts are words joined by spaces. */
export function plantedTokenizer(words: readonly string[]): LoupeTokenizer {
  const ids = new Map(words.map((word, id) => [word.trim(), id]))
  return {
    encode: (text) => text.split(' ').map((word) => ids.get(word) ?? 0),
    decode: (ids) => ids.map((id) => words[id]).join(' '),
    tokenText: (id) => words[id] ?? '',
    applyChatTemplate: () => '',
    vocabularySize: words.length,
    specialIds: { bos: 0 },
    hash: '',
  }
}

export function plantedInput(overrides: Pick<SuiteInput, 'model' | 'dictionary'> & Partial<SuiteInput>): SuiteInput {
  const unused = (): never => {
    throw new Error('not part of this input')
  }
  return {
    tokenizer: plantedTokenizer([]),
    hook: PLANTED_HOOK,
    medianNorm: 1e6,
    promoted: () => null,
    heldOutRows: unused,
    heldOutContexts: unused,
    coreFigures: unused,
    keep: (_key, make) => make(),
    ...overrides,
  }
}
