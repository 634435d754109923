/** What a change at a hook does to predictions. */
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../../../errors'
import { followingBlock } from '../../../model/hooks'
import type { HookedModel, KeyValueCache } from '../../../model/types'
import { SINK_FACTOR } from '../../../positions'
import { tidyToHost } from '../../../tensors/tidyToHost'
import { rowNorms } from '../../../tensors/arrays'

/** What one change does to the prediction at the last position of each context. */
export interface Effects {
  /** Largest change of a logit after taking off the mean change. */
  maxLogit: number[]
  /** KL(p ‖ p′) in nats. */
  kl: number[]
  /** Places by which the watched token moves up; empty without a watched token. */
  rank: number[]
}

export interface Change {
  /** `[d]`, added at the hook at the last position. */
  vector: Float32Array
  /** The token whose rank is watched. */
  token: number | undefined
}

/** Rows of one forward pass: their keys and values take most of the memory. */
const MAX_ROWS = 96

/**
 * Contexts held at their last position, so that changes there cost one position each: everything before it is in a
 * cache that all changes share, and where the hook is the residual stream after a block, that block and those before
 * it are not computed again.
 */
export class LastPositionProbe {
  /** Mean ‖x‖ over the positions of the contexts that are neither first nor sinks. */
  readonly scale: number
  readonly contexts: number
  /** Changes measured in one forward pass. */
  readonly width: number
  private readonly cache: KeyValueCache
  private readonly positions: number
  private readonly last: tf.Tensor2D
  private readonly lastIds: Int32Array
  private readonly clean: tf.Tensor2D

  /** @param tokens `[at least contexts, positions]` without padding; those that end at a sink are passed over */
  constructor(
    private readonly model: HookedModel,
    private readonly hook: string,
    options: { tokens: Int32Array; positions: number; contexts: number; medianNorm: number },
  ) {
    const { positions, medianNorm } = options
    this.positions = positions
    const kept = usableContexts(model, hook, options)
    const limit = SINK_FACTOR * medianNorm
    const counted = kept.flatMap(({ norms }) => [...norms.subarray(1)].filter((norm) => norm <= limit))
    this.scale = counted.reduce((sum, norm) => sum + norm, 0) / counted.length
    this.contexts = kept.length
    this.width = Math.max(1, Math.floor(MAX_ROWS / kept.length))
    const d = kept[0]!.last.length
    const values = kept.flatMap(({ last }) => [...last])
    this.last = tf.tensor2d(values, [kept.length, d])
    this.lastIds = Int32Array.from({ length: this.width * kept.length }, (_, row) =>
      kept[row % kept.length]!.ids.at(-1)!,
    )
    this.cache = this.filled(kept)
    this.clean = tf.tidy(() => tf.slice(this.logits(tf.zeros([this.width, d])), [0, 0], [kept.length, -1]))
  }

  /** @param changes up to `width` */
  effects(changes: readonly Change[]): Effects[] {
    const [, d] = this.last.shape
    const vectors = new Float32Array(this.width * d)
    for (const [at, { vector }] of changes.entries()) vectors.set(vector, at * d)
    const measured = tidyToHost(() => {
      const logits = this.logits(tf.tensor2d(vectors, [this.width, d]))
      const tokens = changes.map(({ token }) => token ?? 0)
      return this.compare(logits, [...tokens, ...new Array<number>(this.width - tokens.length).fill(0)])
    })
    return changes.map(({ token }, at) => {
      const sliceOf = (values: Float32Array) => [...values.subarray(at * this.contexts, (at + 1) * this.contexts)]
      const rank = token === undefined ? [] : sliceOf(measured.rank)
      return { maxLogit: sliceOf(measured.maxLogit), kl: sliceOf(measured.kl), rank }
    })
  }

  dispose(): void {
    this.cache.dispose()
    tf.dispose([this.last, this.clean])
  }

  /** Keys and values of all positions but the last, a copy for every change of a pass. */
  private filled(kept: readonly Context[]): KeyValueCache {
    const seq = this.positions - 1
    const ids = new Int32Array(kept.length * seq)
    for (const [at, context] of kept.entries()) ids.set(context.ids.subarray(0, seq), at * seq)
    const cache = this.model.newCache(kept.length)
    tf.dispose([...this.model.run({ ids, batch: kept.length, seq }, { cache, logits: 'none' }).captured.values()])
    return cache.spread(Array.from({ length: this.width * kept.length }, (_, row) => row % kept.length))
  }

  /** Logits `[width · contexts, d_vocab]` with a vector `[width, d]` added in all contexts. */
  private logits(vectors: tf.Tensor2D): tf.Tensor2D {
    const [, d] = this.last.shape
    const rows = this.width * this.contexts
    const repeated = tf.tile(tf.expandDims(vectors, 1), [1, this.contexts, 1])
    const batch = { ids: this.lastIds, batch: rows, seq: 1 }
    const block = followingBlock(this.hook)
    const cache = this.cache
    try {
      const { logits } =
        block === undefined
          ? this.model.run(batch, {
              cache,
              logits: 'last' as const,
              edits: new Map([[this.hook, (value: tf.Tensor) => tf.add(value, tf.reshape(repeated, value.shape))]]),
            })
          : this.model.run(batch, {
              cache,
              logits: 'last' as const,
              startAt: {
                layer: block,
                residual: tf.reshape(tf.add(tf.expandDims(this.last, 0), repeated), [rows, 1, d]),
              },
            })
      return tf.reshape(logits!, [rows, -1])
    } finally {
      cache.truncate(this.positions - 1)
    }
  }

  private compare(logits: tf.Tensor2D, tokens: readonly number[]) {
    const clean = tf.tile(this.clean, [this.width, 1])
    const change = tf.sub(logits, clean)
    const maxLogit = tf.sub(tf.max(change, 1), tf.mean(change, 1))
    const [before, after] = [tf.logSoftmax(clean), tf.logSoftmax(logits)]
    const kl = tf.relu(tf.sum(tf.mul(tf.exp(before), tf.sub(before, after)), 1))
    const watched = tokens.flatMap((token) => new Array<number>(this.contexts).fill(token))
    const rank = tf.sub(ranks(clean, watched), ranks(logits, watched))
    return {
      maxLogit: maxLogit.dataSync<'float32'>(),
      kl: kl.dataSync<'float32'>(),
      rank: rank.dataSync<'float32'>(),
    }
  }
}

/** How many logits of each row are larger than that of its token. */
function ranks(logits: tf.Tensor2D, tokens: readonly number[]): tf.Tensor1D {
  const at = tf.tensor2d(
    tokens.flatMap((token, row) => [row, token]),
    [tokens.length, 2],
    'int32',
  )
  const watched = tf.expandDims(tf.gatherND(logits, at), 1)
  return tf.sum(tf.cast(tf.greater(logits, watched), 'float32'), 1)
}

interface Context {
  /** `[positions]` */
  ids: Int32Array
  /** ‖x‖ at the hook, `[positions]`. */
  norms: Float32Array
  /** x at the last position, `[d]`. */
  last: Float32Array
}

/** The first `contexts` of them that do not end at an attention sink; fewer where there are fewer. */
function usableContexts(
  model: HookedModel,
  hook: string,
  options: { tokens: Int32Array; positions: number; contexts: number; medianNorm: number },
): Context[] {
  const { tokens, positions, contexts, medianNorm } = options
  const kept: Context[] = []
  const step = contexts * positions
  for (let from = 0; from < tokens.length && kept.length < contexts; from += step) {
    const read = readContexts(model, hook, tokens.subarray(from, from + step), positions)
    kept.push(...read.filter(({ norms }) => norms.at(-1)! <= SINK_FACTOR * medianNorm))
  }
  if (kept.length > 1) return kept.slice(0, contexts)
  const all = tokens.length / positions
  throw new LoupeError('bad-input', `only ${kept.length} of ${all} contexts end at a position that is no sink`, {
    remedy: 'draw more --contexts, or another --seed',
  })
}

function readContexts(model: HookedModel, hook: string, tokens: Int32Array, positions: number): Context[] {
  const batch = tokens.length / positions
  const x = tidyToHost(() => {
    const { captured } = model.run({ ids: tokens, batch, seq: positions }, { capture: [hook], stopAt: hook })
    return captured.get(hook)!.dataSync<'float32'>()
  })
  const d = x.length / tokens.length
  const norms = rowNorms(x, d)
  return Array.from({ length: batch }, (_, at) => {
    const [from, to] = [at * positions, (at + 1) * positions]
    return { ids: tokens.subarray(from, to), norms: norms.subarray(from, to), last: x.subarray((to - 1) * d, to * d) }
  })
}
