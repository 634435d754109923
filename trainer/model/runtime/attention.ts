/**
 * Causal attention over heads, with a key-value cache and the hooks `hook_pattern` and `hook_z`. Positions are the
 * family's: queries and keys arrive rotated, or not at all.
 *
 * Grouped-query attention (Ainslie et al. 2023): the query heads of a group share one key head. A group's queries are
 * stacked, `[batch, groups, (heads / groups) · seq, …]`, so that keys and values need no repeating.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { tap, type Pass } from './blocks'
import type { CacheExtension, KeysValues } from './cache'
import type { HookedSteps } from './hookPlan'
import type { ModelKernels } from './kernels'
import type { ModelConfig } from '../types'

/**
 * Key heads, over all rows, up to which a single position goes through the flat product: it multiplies every query with
 * the keys of all heads and rows, and masks the foreign ones.
 */
const FLAT_HEADS = 4

/** One pass, with the parts that all its attention layers share. */
export interface AttentionPass extends Pass {
  extension: CacheExtension | undefined
  /** For stacked heads. */
  mask: Tensor | undefined
  /** For the flat product of a single position, where that is cheaper. */
  flat: Tensor | undefined
}

/** Heads of one layer, `[batch, seq, heads, d_head]` each. */
export interface Heads {
  queries: Tensor
  keys: Tensor
  values: Tensor
}

export class Attention {
  constructor(
    private readonly sizes: Pick<ModelConfig, 'n_heads' | 'n_kv_heads' | 'd_head'>,
    private readonly kernels: ModelKernels,
  ) {}

  begin(pass: Pass): AttentionPass {
    const { n_heads, n_kv_heads } = this.sizes
    const { batch, seq, offset, plan } = pass
    const extension = pass.cache?.extend(seq)
    const width = extension?.width ?? seq
    const few = seq === 1 && batch * n_kv_heads <= FLAT_HEADS
    const flat = extension && few && !plan.wantsAny('attn.hook_pattern')
    return {
      ...pass,
      extension,
      flat: flat ? flatMask(batch, n_heads, n_kv_heads, offset + 1, width) : undefined,
      mask: flat ? undefined : causalMask(seq, offset, width, n_heads / n_kv_heads),
    }
  }

  /** @returns z, the weighted values of all heads: `[batch · seq, n_heads · d_head]` */
  *attend(layer: number, { queries, keys, values }: Heads, pass: AttentionPass): HookedSteps<Tensor> {
    const { n_heads, n_kv_heads, d_head } = this.sizes
    const { batch, seq } = pass
    const name = `blocks.${layer}.attn`
    const scaled = tf.mul(queries, d_head ** -0.5)
    const fresh = { keys: stackHeads(keys, n_kv_heads), values: stackHeads(values, n_kv_heads) }
    const stored = pass.extension?.append(layer, fresh)
    const z =
      pass.flat && stored
        ? this.attendFlat(scaled, stored, pass.flat)
        : yield* this.attendStacked(name, scaled, stored ? this.byHead(stored, batch) : fresh, pass)
    return yield* tap(pass, `${name}.hook_z`, z, [batch, seq, n_heads, d_head])
  }

  /** One position: all heads in one product each with keys and values, which costs a fifth of the batched one. */
  private attendFlat(queries: Tensor, { keys, values }: KeysValues, mask: Tensor): Tensor {
    const { n_heads, d_head } = this.sizes
    const { linear, product, softmax } = this.kernels
    return tf.tidy(() => {
      const scores = linear(tf.reshape(queries, [mask.shape[0], d_head]), keys)
      return tf.reshape(product(softmax(tf.add(scores, mask)), values), [-1, n_heads * d_head])
    })
  }

  /** @returns `[batch · seq, n_heads · d_head]` */
  private *attendStacked(
    name: string,
    queries: Tensor,
    { keys, values }: KeysValues,
    pass: AttentionPass,
  ): HookedSteps<Tensor> {
    const stacked = stackHeads(queries, this.sizes.n_kv_heads)
    const pattern = tf.tidy(() => {
      const scores = tf.matMul(stacked, keys, false, true)
      return this.kernels.softmax(pass.mask ? tf.add(scores, pass.mask) : scores)
    })
    return unstackHeads(tf.matMul(yield* this.tapPattern(name, pattern, pass), values), pass.seq)
  }

  /** Buffers of a cache as `[batch, n_kv_heads, width, d_head]`. */
  private byHead({ keys, values }: KeysValues, batch: number): KeysValues {
    const shape = [batch, this.sizes.n_kv_heads, -1, this.sizes.d_head]
    return { keys: tf.reshape(keys, shape), values: tf.reshape(values, shape) }
  }

  /** The hook shows the positions that exist, not the room that a cache keeps for further ones. */
  private *tapPattern(name: string, stacked: Tensor, pass: Pass): HookedSteps<Tensor> {
    if (!pass.plan.wants(`${name}.hook_pattern`)) return stacked
    const { batch, seq, offset } = pass
    const { n_heads } = this.sizes
    const width = stacked.shape[3]!
    const seen = offset + seq
    const all = tf.reshape(stacked, [batch, n_heads, seq, width])
    const edited = yield* tap(pass, `${name}.hook_pattern`, tf.slice(all, [0, 0, 0, 0], [batch, n_heads, seq, seen]))
    const room = tf.zeros([batch, n_heads, seq, width - seen])
    return tf.reshape(width > seen ? tf.concat([edited, room], 3) : edited, stacked.shape)
  }
}

/**
 * Added to stacked attention scores: 0 for the positions that a position sees, −∞ for later ones and for unused room.
 * `[stack · seq, width]`; undefined where everything is seen.
 * @param offset positions before the first of the `seq`
 */
function causalMask(seq: number, offset: number, width: number, stack: number): Tensor | undefined {
  if (seq === 1 && width === offset + 1) return undefined
  // One position: the same row for every head of the stack.
  const rows = seq === 1 ? 1 : stack * seq
  const mask = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) mask.fill(-Infinity, row * width + offset + (row % seq) + 1, (row + 1) * width)
  return tf.tensor2d(mask, [rows, width])
}

/**
 * The mask for one position when all heads of the batch go through one product, `[batch · n_heads, d_head]` by
 * `[batch · n_kv_heads · width, d_head]`: 0 for the stored positions of a head's key head, −∞ for everything else.
 */
function flatMask(batch: number, heads: number, groups: number, stored: number, width: number): Tensor {
  const row = batch * groups * width
  const mask = new Float32Array(batch * heads * row).fill(-Infinity)
  for (let head = 0; head < batch * heads; head++) {
    const first = head * row + Math.floor(head / (heads / groups)) * width
    mask.fill(0, first, first + stored)
  }
  return tf.tensor2d(mask, [batch * heads, row])
}

/** `[batch, seq, heads, d_head]` → `[batch, groups, (heads / groups) · seq, d_head]`. */
function stackHeads(x: Tensor, groups: number): Tensor {
  const [batch, seq, heads, width] = x.shape as [number, number, number, number]
  // With one position the order in memory is the same already.
  const byHead = seq === 1 ? x : tf.transpose(x, [0, 2, 1, 3])
  return tf.reshape(byHead, [batch, groups, (heads / groups) * seq, width])
}

/** Back to rows: `[batch, groups, (heads / groups) · seq, d_head]` → `[batch · seq, heads · d_head]`. */
function unstackHeads(x: Tensor, seq: number): Tensor {
  const [batch, groups, stacked, width] = x.shape as [number, number, number, number]
  const heads = (groups * stacked) / seq
  const bySeq = seq === 1 ? x : tf.transpose(tf.reshape(x, [batch, heads, seq, width]), [0, 2, 1, 3])
  return tf.reshape(bySeq, [batch * seq, heads * width])
}
