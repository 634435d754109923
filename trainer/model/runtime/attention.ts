import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'

/*
 * Grouped-query attention (Ainslie et al. 2023): the query heads of a group share one key head. A group's queries are
 * stacked, `[batch, groups, (heads / groups) · seq, …]`, so that keys and values need no repeating.
 */

/**
 * Added to stacked attention scores: 0 for what a position may see, −∞ for what comes after it and for unused room.
 * `[stack · seq, width]`; undefined where everything is seen.
 * @param offset positions before the first of the `seq`
 */
export function causalMask(seq: number, offset: number, width: number, stack: number): Tensor | undefined {
  if (seq === 1 && width === offset + 1) return undefined
  // One position: the same row for every head of the stack.
  const rows = seq === 1 ? 1 : stack * seq
  const mask = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) mask.fill(-Infinity, row * width + offset + (row % seq) + 1, (row + 1) * width)
  return tf.tensor2d(mask, [rows, width])
}

/**
 * The mask for one position when all heads of the batch go through one product, `[batch · n_heads, d_head]` by
 * `[batch · n_kv_heads · width, d_head]`: 0 for the stored positions of a head's own keys, −∞ for everything else.
 */
export function flatMask(batch: number, heads: number, groups: number, stored: number, width: number): Tensor {
  const row = batch * groups * width
  const mask = new Float32Array(batch * heads * row).fill(-Infinity)
  for (let head = 0; head < batch * heads; head++) {
    const own = head * row + Math.floor(head / (heads / groups)) * width
    mask.fill(0, own, own + stored)
  }
  return tf.tensor2d(mask, [batch * heads, row])
}

/** `[batch, seq, heads, d_head]` → `[batch, groups, (heads / groups) · seq, d_head]`. */
export function stackHeads(x: Tensor, groups: number): Tensor {
  const [batch, seq, heads, width] = x.shape as [number, number, number, number]
  // With one position the order in memory is the same already.
  const byHead = seq === 1 ? x : tf.transpose(x, [0, 2, 1, 3])
  return tf.reshape(byHead, [batch, groups, (heads / groups) * seq, width])
}

/** Back to rows: `[batch, groups, (heads / groups) · seq, d_head]` → `[batch · seq, heads · d_head]`. */
export function unstackHeads(x: Tensor, seq: number): Tensor {
  const [batch, groups, stacked, width] = x.shape as [number, number, number, number]
  const heads = (groups * stacked) / seq
  const bySeq = seq === 1 ? x : tf.transpose(tf.reshape(x, [batch, heads, seq, width]), [0, 2, 1, 3])
  return tf.reshape(bySeq, [batch * seq, heads * width])
}
