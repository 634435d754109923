import * as tf from '@tensorflow/tfjs-core'
import type { HookedModel } from '../model/types'
import { tidyToHost } from '../tensors/tidyToHost'
import type { LogitEffects, LogitMethod, TokenEffect } from './types'

export const TOP_LOGITS = 20

/** How directions at this hook reach the logits; see `LOGIT_METHODS`. */
export function logitMethod(hook: string): LogitMethod {
  if (/hook_resid_(pre|mid|post)$|hook_(attn|mlp)_out$/.test(hook)) return 'final-norm+unembedding'
  return hook === 'ln_final.hook_normalized' ? 'unembedding' : 'none'
}

/**
 * The tokens that each direction promotes and suppresses most: `direction · diag(gain of the final norm) · W_U`, the
 * direct path with the norm's scale left out, as if the residual stream had a root mean square of 1.
 *
 * @param directions `[n, d_model]`; stays the caller's. Keep n × vocabulary small: the product is held at once.
 */
export function logitEffects(
  model: Pick<HookedModel, 'unembed' | 'config'>,
  hook: string,
  directions: tf.Tensor2D,
): LogitEffects[] {
  const method = logitMethod(hook)
  const rows = directions.shape[0]
  if (method === 'none') return Array.from({ length: rows }, () => ({ method, top: [], bottom: [] }))
  const finalNorm = method === 'final-norm+unembedding'
  return tidyToHost(() => {
    const logits = model.unembed(directions, { finalNorm }) as tf.Tensor2D
    const scales = finalNorm ? normScales(directions, model.config.norm_eps) : new Float32Array(rows).fill(1)
    const top = extremes(logits, 1, scales)
    const bottom = extremes(logits, -1, scales)
    return top.map((promoted, row) => ({ method, top: promoted, bottom: bottom[row]! }))
  })
}

/** What RMSNorm divides each row by; ranks do not depend on it, logits are multiplied by it again. */
function normScales(directions: tf.Tensor2D, epsilon: number): Float32Array {
  return tf.sqrt(tf.add(tf.mean(tf.square(directions), 1), epsilon)).dataSync<'float32'>()
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
