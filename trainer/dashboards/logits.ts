/** The tokens that a direction promotes and suppresses. */
import * as tf from '@tensorflow/tfjs-core'
import { FINAL_HOOK } from '../model/hooks'
import type { HookedModel } from '../model/types'
import { tidyToHost } from '../tensors/tidyToHost'
import type { LogitEffects, LogitMethod, TokenEffect } from './types'

export const TOP_LOGITS = 20

/** How directions at this hook reach the logits; see `LOGIT_METHODS`. */
export function logitMethod(hook: string): LogitMethod {
  if (/hook_resid_(pre|mid|post)$|hook_(attn|mlp)_out$/.test(hook)) return 'final-norm+unembedding'
  return hook === FINAL_HOOK ? 'unembedding' : 'none'
}

/**
 * The tokens that each direction promotes and suppresses most. This is the direct path to the logits, with the scale of
 * the final norm left out as if it were 1: for RMSNorm `direction · diag(gain) · W_U`, for LayerNorm the same with the
 * direction centred.
 *
 * @param directions `[n, d_model]`; the caller disposes them. Keep n × vocabulary small: the whole product is in memory.
 */
export function logitEffects(
  model: Pick<HookedModel, 'unembed' | 'directLogits'>,
  hook: string,
  directions: tf.Tensor2D,
): LogitEffects[] {
  const method = logitMethod(hook)
  const rows = directions.shape[0]
  if (method === 'none') return Array.from({ length: rows }, () => ({ method, top: [], bottom: [] }))
  return tidyToHost(() => {
    const { logits, scales } =
      method === 'final-norm+unembedding'
        ? model.directLogits(directions)
        : { logits: model.unembed(directions, { finalNorm: false }), scales: tf.ones([rows]) }
    const factors = scales.dataSync<'float32'>()
    const top = extremes(logits as tf.Tensor2D, 1, factors)
    const bottom = extremes(logits as tf.Tensor2D, -1, factors)
    return top.map((promoted, row) => ({ method, top: promoted, bottom: bottom[row]! }))
  })
}

/** Width of the groups whose extremes are ranked first. */
const GROUP = 32

/**
 * The tokens with the largest (`sign` 1) or smallest (-1) logits of each row, among equals the lower token. The groups
 * with the largest maxima hold the largest entries, so the ranking runs over few members: a fifth of the time of
 * `tf.topk` over a vocabulary of 49,152.
 */
function extremes(logits: tf.Tensor2D, sign: 1 | -1, scales: Float32Array): TokenEffect[][] {
  const [rows, vocabulary] = logits.shape
  const count = Math.min(TOP_LOGITS, vocabulary)
  const missing = (GROUP - (vocabulary % GROUP)) % GROUP
  const padded =
    missing > 0
      ? tf.pad(
          logits,
          [
            [0, 0],
            [0, missing],
          ],
          -sign * Infinity,
        )
      : logits
  const groups = tf.reshape(padded, [rows, (vocabulary + missing) / GROUP, GROUP])
  const peaks = sign > 0 ? tf.max(groups, 2) : tf.neg(tf.min(groups, 2))
  // Ascending groups, so that position among their members is order of tokens.
  const chosen = ascending(tf.topk(peaks, Math.min(count, groups.shape[1]!)).indices)
  const members = tf.reshape(tf.gather(groups, chosen, 1, 1), [rows, -1])
  const best = tf.topk(tf.mul(members, sign), count)
  const [values, positions, groupOf] = [best.values.dataSync(), best.indices.dataSync(), chosen.dataSync()]
  const width = chosen.shape[1]!
  return Array.from(scales, (scale, row) =>
    Array.from({ length: count }, (_, rank) => {
      const position = positions[row * count + rank]!
      const group = groupOf[row * width + Math.floor(position / GROUP)]!
      return { token: group * GROUP + (position % GROUP), logit: sign * scale * values[row * count + rank]! }
    }),
  )
}

/** Each row's integers in ascending order. */
function ascending(indices: tf.Tensor): tf.Tensor {
  return tf.cast(tf.neg(tf.topk(tf.neg(indices), indices.shape[1]).values), 'int32')
}
