/** The prediction of a model after a prompt, and the values of its hooks at the last position. */
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../../errors'
import { isPattern } from '../hooks'
import type { HookedModel } from '../types'

export interface HookView {
  /** Shape of the last position, e.g. `[576]`; a pattern is `[heads, keys]`. */
  shape: number[]
  /** L2. */
  norm: number
  /** First eight values. */
  first: number[]
}

export interface LastPosition {
  top: { id: number; logit: number }[]
  logsumexp: number
  hooks: Record<string, HookView>
}

const SHOWN_VALUES = 8

export function lastPosition(
  model: HookedModel,
  ids: readonly number[],
  options: { top: number; hooks: readonly string[] },
): LastPosition {
  requireIds(model, ids)
  const tokens = { ids: Int32Array.from(ids), batch: 1, seq: ids.length }
  const { logits, captured } = model.run(tokens, { capture: options.hooks, logits: 'last' })
  const values = logits!.dataSync() as Float32Array
  logits!.dispose()
  const hooks = Object.fromEntries([...captured].map(([name, value]) => [name, viewLast(name, value)]))
  return { top: largest(values, options.top), logsumexp: logSumExp(values), hooks }
}

function requireIds({ config }: HookedModel, ids: readonly number[]): void {
  if (ids.length === 0) throw new LoupeError('bad-input', 'there is no token to run', { remedy: 'use a longer text' })
  if (ids.length > config.n_ctx) {
    throw new LoupeError('too-large', `${ids.length} tokens do not fit the model's context of ${config.n_ctx}`)
  }
  const unknown = ids.find((id) => id >= config.d_vocab)
  if (unknown !== undefined) {
    throw new LoupeError('bad-input', `token id ${unknown} is outside the vocabulary of ${config.d_vocab}`)
  }
}

/** `[1, seq, …]` → its last position; `[1, heads, seq, seq]` (pattern) → the last query of each head. */
function viewLast(name: string, value: tf.Tensor): HookView {
  const last = tf.tidy(() => {
    const axis = isPattern(name) ? 2 : 1
    return tf.squeeze(tf.gather(value, [value.shape[axis]! - 1], axis), [0, axis])
  })
  const data = last.dataSync() as Float32Array
  tf.dispose([last, value])
  return {
    shape: last.shape,
    norm: Math.sqrt(data.reduce((sum, each) => sum + each * each, 0)),
    first: [...data.subarray(0, SHOWN_VALUES)],
  }
}

/** Ties by the lower id. */
function largest(values: Float32Array, count: number): { id: number; logit: number }[] {
  return [...values.keys()]
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, count)
    .map((id) => ({ id, logit: values[id]! }))
}

function logSumExp(values: Float32Array): number {
  const peak = values.reduce((a, b) => Math.max(a, b), -Infinity)
  return peak + Math.log(values.reduce((sum, value) => sum + Math.exp(value - peak), 0))
}
