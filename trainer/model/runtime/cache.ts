/** The key-value cache of attention. */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { ModelKernels } from './kernels'
import type { KeyValueCache, ModelConfig } from '../types'

/** Keys and values of one layer. */
export interface KeysValues {
  keys: Tensor
  values: Tensor
}

/** How one run extends the cache. */
export interface CacheExtension {
  /** Positions that fit into each head's part of a buffer; positions not stored yet are zero. */
  readonly width: number
  /**
   * Adds a layer's new positions, `[batch, n_kv_heads, seq, d_head]`; returns the layer's buffers, which the
   * cache disposes: `[batch · n_kv_heads · width, d_head]`.
   */
  append(layer: number, fresh: KeysValues): KeysValues
}

/**
 * Buffers grow by whole blocks of positions: one copy per block instead of one per token, and the same shapes from token
 * to token (oneDNN prepares each new shape of a product for some 100 µs). A multiple of every vector length,
 * so that the exponentials of all rows are computed by the same code.
 */
const BLOCK = 64

/**
 * Keys and values of all layers for the positions so far, in buffers `[batch · n_kv_heads · capacity, d_head]`. A run
 * that fails midway leaves the stored positions as they were.
 */
export class AttentionCache implements KeyValueCache {
  private readonly layers: (KeysValues | undefined)[]
  private readonly heads: number
  private readonly dHead: number
  private positions = 0

  constructor(
    private readonly config: ModelConfig,
    private readonly kernels: ModelKernels,
    readonly batch: number,
  ) {
    const { n_layers, n_kv_heads, d_head } = config
    this.layers = new Array<KeysValues | undefined>(n_layers).fill(undefined)
    this.heads = batch * n_kv_heads
    this.dHead = d_head
  }

  get length(): number {
    return this.positions
  }

  /** Prepares for `seq` further positions. Call and use it inside a tidy. */
  extend(seq: number): CacheExtension {
    const { positions, heads, dHead } = this
    const capacity = Math.ceil((positions + seq) / BLOCK) * BLOCK
    const slots = tf.tensor1d(
      Array.from({ length: heads }, (_, head) => head * capacity + positions),
      'int32',
    )
    const place = (buffer: Tensor | undefined, fresh: Tensor): Tensor => {
      const inPlace = seq === 1 && buffer?.shape[0] === heads * capacity
      if (inPlace) return tf.keep(this.kernels.placeRows(buffer, slots, tf.reshape(fresh, [heads, dHead])))
      const grown = tf.keep(this.grown(buffer, tf.reshape(fresh, [heads, seq, dHead]), capacity))
      buffer?.dispose()
      return grown
    }
    return {
      width: capacity,
      append: (layer, fresh) => {
        const before = this.layers[layer]
        const after = { keys: place(before?.keys, fresh.keys), values: place(before?.values, fresh.values) }
        this.layers[layer] = after
        return after
      },
    }
  }

  /** Called once per run, after every layer was appended to. */
  advance(seq: number): void {
    this.positions += seq
  }

  /** The next run writes over the later positions; until then they are masked. */
  truncate(length: number): void {
    this.positions = Math.min(this.positions, length)
  }

  spread(rows: readonly number[]): AttentionCache {
    if (rows.length === this.batch && rows.every((row, at) => row === at)) return this
    const after = new AttentionCache(this.config, this.kernels, rows.length)
    const chosen = (buffer: Tensor) =>
      tf.tidy(() => {
        const byRow = tf.reshape(buffer, [this.batch, -1])
        return tf.keep(tf.reshape(tf.gather(byRow, tf.tensor1d([...rows], 'int32')), [-1, this.dHead]))
      })
    this.layers.forEach((layer, at) => {
      if (layer) after.layers[at] = { keys: chosen(layer.keys), values: chosen(layer.values) }
    })
    after.positions = this.positions
    this.dispose()
    return after
  }

  dispose(): void {
    for (const layer of this.layers) if (layer) tf.dispose([layer.keys, layer.values])
    this.layers.fill(undefined)
    this.positions = 0
  }

  /** A buffer of this capacity: the stored positions, the fresh ones `[heads, seq, d_head]`, zeros. */
  private grown(buffer: Tensor | undefined, fresh: Tensor, capacity: number): Tensor {
    const { positions, heads, dHead } = this
    const parts = [fresh]
    if (buffer && positions > 0) {
      const stored = tf.reshape(buffer, [heads, buffer.shape[0] / heads, dHead])
      parts.unshift(tf.slice(stored, [0, 0, 0], [heads, positions, dHead]))
    }
    const free = capacity - positions - fresh.shape[1]!
    if (free > 0) parts.push(tf.zeros([heads, free, dHead]))
    return tf.reshape(tf.concat(parts, 1), [heads * capacity, dHead])
  }
}
