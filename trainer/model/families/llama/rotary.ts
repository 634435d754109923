import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'

/** The rotation of positions `[offset, offset + seq)`. */
export interface RotarySlice {
  /** `[seq, 1, d_head]`, to be broadcast over heads. */
  cos: Tensor
  /** As `cos`, the first half negated: `x·cos + swapHalves(x)·sin` is the rotation. */
  sin: Tensor
  /** The same as `[d_head, d_head]`, for a single position: one product instead of four passes. */
  matrix: Tensor | undefined
}

/**
 * Rotary position embedding in the halves layout (RoFormer, Su et al. 2021, as Hugging Face lays it out): dimension i
 * turns with dimension i + d_head/2 by `position · theta^(-2i/d_head)`. Angles are rounded to float32 at the steps where
 * Hugging Face's are, or late positions would differ. The tables grow by doubling as positions need them.
 */
export class RotaryTables {
  private cos: Tensor | undefined
  private sin: Tensor | undefined
  private rows = 0
  private readonly frequencies: Float32Array

  constructor(
    theta: number,
    private readonly dHead: number,
  ) {
    this.frequencies = Float32Array.from({ length: dHead / 2 }, (_, i) => 1 / Math.fround(theta ** ((2 * i) / dHead)))
  }

  /** Belongs to the caller (to a tidy, usually). */
  slice(offset: number, seq: number): RotarySlice {
    this.grow(offset + seq)
    const begin = [offset, 0, 0]
    const size = [seq, 1, this.dHead]
    return {
      cos: tf.slice(this.cos!, begin, size),
      sin: tf.slice(this.sin!, begin, size),
      matrix: seq === 1 ? this.matrix(offset) : undefined,
    }
  }

  dispose(): void {
    tf.dispose([this.cos, this.sin].filter((table) => table !== undefined))
    this.rows = 0
  }

  private grow(needed: number): void {
    if (needed <= this.rows) return
    this.dispose()
    this.rows = 2 ** Math.ceil(Math.log2(Math.max(needed, 256)))
    const { dHead, frequencies, rows } = this
    const half = dHead / 2
    const cos = new Float32Array(rows * dHead)
    const sin = new Float32Array(rows * dHead)
    for (let position = 0; position < rows; position++) {
      for (const [i, frequency] of frequencies.entries()) {
        const angle = Math.fround(position * frequency)
        const first = position * dHead + i
        cos[first] = cos[first + half] = Math.cos(angle)
        sin[first] = -Math.sin(angle)
        sin[first + half] = Math.sin(angle)
      }
    }
    this.cos = tf.keep(tf.tensor(cos, [rows, 1, dHead], 'float32'))
    this.sin = tf.keep(tf.tensor(sin, [rows, 1, dHead], 'float32'))
  }

  /** `x · matrix` rotates a row to `position`. */
  private matrix(position: number): Tensor {
    const { dHead, frequencies } = this
    const half = dHead / 2
    const matrix = new Float32Array(dHead * dHead)
    for (const [i, frequency] of frequencies.entries()) {
      const angle = Math.fround(position * frequency)
      matrix[i * dHead + i] = matrix[(i + half) * dHead + i + half] = Math.cos(angle)
      matrix[i * dHead + i + half] = Math.sin(angle)
      matrix[(i + half) * dHead + i] = -Math.sin(angle)
    }
    return tf.tensor2d(matrix, [dHead, dHead])
  }
}
