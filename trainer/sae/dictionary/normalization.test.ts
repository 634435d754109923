import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import { normalizeInput, restoreOutput } from './normalization'

beforeAll(async () => {
  await loadBackend()
})

function values(block: () => tf.Tensor): number[] {
  return Array.from(tf.tidy(block).dataSync())
}

describe('layer_norm', () => {
  it('divides by the unbiased deviation plus 1e-5, and multiplies by the deviation alone', () => {
    const x = tf.tensor2d([1e-5, 3e-5, 5e-5], [1, 3])
    const normalized = values(() => normalizeInput('layer_norm', x))
    normalized.forEach((value, i) => expect(value).toBeCloseTo(((i - 1) * 2e-5) / (2e-5 + 1e-5), 5))
    const restored = values(() => restoreOutput('layer_norm', tf.tensor2d([1, 2, 3], [1, 3]), x))
    restored.forEach((value, i) => expect(value * 1e5).toBeCloseTo(2 * (i + 1) + 3, 4))
    x.dispose()
  })
})

describe('constant_norm_rescale', () => {
  it('scales every row to norm √d, and back', () => {
    const x = tf.tensor2d([3, 4, 0, 0], [1, 4])
    expect(values(() => normalizeInput('constant_norm_rescale', x))).toEqual([1.2, 1.6, 0, 0].map(Math.fround))
    const restored = values(() => restoreOutput('constant_norm_rescale', tf.tensor2d([1, 2, 3, 4], [1, 4]), x))
    expect(restored).toEqual([2.5, 5, 7.5, 10])
    x.dispose()
  })
})

it('none changes nothing', () => {
  const x = tf.tensor2d([3, 4], [1, 2])
  expect(values(() => restoreOutput('none', normalizeInput('none', tf.clone(x)), x))).toEqual([3, 4])
  x.dispose()
})
