/** The cross-entropy of a model on tokens, with or without edits. */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { LoupeError } from '../../errors'
import { FINAL_HOOK } from '../hooks'
import type { HookEdit, HookedModel, TokenBatch } from '../types'

/** Positions whose logits are in memory at once: 50 MB for a vocabulary of 49,152. */
const CHUNK = 256

/**
 * Cross-entropy of every next token, in nats: `[batch, seq − 1]`; entry t is the loss on position t + 1 of a
 * model that sees positions 0 … t. Logits are computed in chunks and are never in memory for the whole batch.
 */
export function crossEntropy(
  model: HookedModel,
  tokens: TokenBatch,
  options: { edits?: ReadonlyMap<string, HookEdit> } = {},
): Tensor2D {
  const { ids, batch, seq } = tokens
  if (seq < 2) throw new LoupeError('bad-input', 'a row of one token predicts nothing', { remedy: 'use longer texts' })
  return tf.tidy(() => {
    const { captured } = model.run(tokens, { ...options, capture: [FINAL_HOOK], logits: 'none' })
    const width = model.config.d_model
    const before = tf.slice(captured.get(FINAL_HOOK)!, [0, 0, 0], [batch, seq - 1, width])
    const rows = tf.reshape(before, [batch * (seq - 1), width])
    const targets = ids.filter((_, position) => position % seq > 0)
    const parts = []
    for (let from = 0; from < targets.length; from += CHUNK) {
      const count = Math.min(CHUNK, targets.length - from)
      parts.push(chunkLoss(model, tf.slice(rows, [from, 0], [count, width]), targets.subarray(from, from + count)))
    }
    return tf.reshape(tf.concat(parts), [batch, seq - 1])
  })
}

/** −log p of each row's target: `[n, d_model]` → `[n]`. */
function chunkLoss(model: HookedModel, normalised: tf.Tensor, targets: Int32Array): tf.Tensor1D {
  return tf.tidy(() => {
    const logits = model.unembed(normalised, { finalNorm: false })
    const places = Int32Array.from({ length: 2 * targets.length }, (_, i) => (i % 2 === 0 ? i / 2 : targets[i >> 1]!))
    const chosen = tf.gatherND(logits, tf.tensor2d(places, [targets.length, 2], 'int32'))
    return tf.sub(tf.logSumExp(logits, 1), chosen)
  })
}
