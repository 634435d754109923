/** Encodes a text: token ids, activations at hooks, and the strongest features of each token. */
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../errors'
import type { LoadedModel } from '../model/types'
import type { Codes } from '../sae/codes/codes'

export interface FeatureValue {
  feature: number
  value: number
}

/** @throws LoupeError for an empty text, one longer than `maxTokens` or the context, a model without a tokenizer */
export function textIds({ model, tokenizer }: LoadedModel, text: string, maxTokens = Infinity): number[] {
  if (!tokenizer) {
    throw new LoupeError('unsupported', 'the model has no tokenizer, so it cannot encode a text', {
      remedy: 'add the model with its tokenizer.json',
    })
  }
  const ids = tokenizer.encode(text)
  if (ids.length === 0) throw new LoupeError('bad-input', 'the text is empty')
  const limit = Math.min(maxTokens, model.config.n_ctx)
  if (ids.length <= limit) return ids
  throw new LoupeError('too-large', `the text has ${ids.length} tokens, the limit is ${limit}`, {
    remedy: 'shorten the text',
  })
}

/**
 * Runs tokens once, up to the last of the hooks.
 * @returns hook → activations `[ids, width]`, which belong to the caller
 * @throws LoupeError for a hook that the model does not have
 */
export function activationsAt(
  { model }: LoadedModel,
  hooks: readonly string[],
  ids: readonly number[],
): ReadonlyMap<string, tf.Tensor2D> {
  for (const hook of hooks) model.hookShape(hook)
  const capture = model.hookNames.filter((name) => hooks.includes(name))
  const tokens = { ids: Int32Array.from(ids), batch: 1, seq: ids.length }
  const { captured } = model.run(tokens, { capture, stopAt: capture.at(-1), logits: 'none' })
  const rows = (value: tf.Tensor) => {
    const flat = tf.reshape<tf.Rank.R2>(value, [ids.length, -1])
    value.dispose()
    return flat
  }
  return new Map([...captured].map(([name, value]) => [name, rows(value)]))
}

/** The active features of each row, strongest first; ties by the lower index. */
export function strongestFeatures({ n, offsets, indices, values }: Codes, top = Infinity): FeatureValue[][] {
  return Array.from({ length: n }, (_, row) => {
    const [from, to] = [offsets[row]!, offsets[row + 1]!]
    const features = [...indices.subarray(from, to)].map((feature, at) => ({ feature, value: values[from + at]! }))
    features.sort((a, b) => b.value - a.value || a.feature - b.feature)
    return features.slice(0, top)
  })
}
