import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { loadBackend } from '../../../tensors/backend'
import { toDense } from '../../codes/codes'
import { selectTopK } from './selectTopK'

/** Sort, cut, rectify: as the definition says. */
function byDefinition(pre: Float32Array, n: number, d_sae: number, k: number): Float32Array {
  const dense = new Float32Array(n * d_sae)
  for (let row = 0; row < n; row++) {
    const values = pre.subarray(row * d_sae, (row + 1) * d_sae)
    const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b)
    for (const latent of order.slice(0, k)) dense[row * d_sae + latent] = Math.max(0, values[latent]!)
  }
  return dense
}

/** Uniform in ±0.5; in steps, so that most entries have equals; or zero but for a few small whole numbers. */
function noise(length: number, kind: 'smooth' | 'steps' | 'rare' = 'smooth'): Float32Array {
  let state = 12345
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const uniform = state / 2 ** 32 - 0.5
    if (kind === 'rare') return Math.round(3 * (uniform + 0.5) ** 12)
    return kind === 'steps' ? Math.round(uniform * 10) : uniform
  })
}

describe.each(['tensorflow', 'wasm', 'cpu'] as const)('top-k on %s', (backend) => {
  it.each([
    { what: 'groups', n: 20, d_sae: 1024, k: 8 },
    { what: 'a width that is no multiple of the groups', n: 7, d_sae: 1003, k: 5 },
    { what: 'too narrow for groups', n: 20, d_sae: 96, k: 8 },
    { what: 'k equal to the width', n: 3, d_sae: 16, k: 16 },
    { what: 'ties everywhere, in groups', n: 50, d_sae: 640, k: 9, kind: 'steps' as const },
    { what: 'ties everywhere, without groups', n: 50, d_sae: 100, k: 9, kind: 'steps' as const },
    { what: 'ties between groups of different maxima', n: 50, d_sae: 640, k: 9, kind: 'rare' as const },
  ])('is exact: $what', async ({ n, d_sae, k, kind }) => {
    await loadBackend(backend)
    const pre = noise(n * d_sae, kind)
    const before = tf.memory().numTensors
    const tensor = tf.tensor2d(pre, [n, d_sae])
    const codes = selectTopK(tensor, k)
    tensor.dispose()
    expect(toDense(codes)).toEqual(byDefinition(pre, n, d_sae, k))
    expect(tf.memory().numTensors).toBe(before)
    for (let row = 0; row < n; row++) {
      const indices = codes.indices.subarray(codes.offsets[row], codes.offsets[row + 1])
      expect(indices).toEqual(indices.slice().sort())
    }
  })

  it('selects fewer than k where fewer are positive', async () => {
    await loadBackend(backend)
    const pre = new Float32Array(2 * 320).fill(-1)
    pre[7] = 3
    pre[320 + 300] = 0
    const tensor = tf.tensor2d(pre, [2, 320])
    const codes = selectTopK(tensor, 4)
    tensor.dispose()
    expect(codes).toMatchObject({ offsets: Int32Array.of(0, 1, 1), indices: Int32Array.of(7) })
  })
})
