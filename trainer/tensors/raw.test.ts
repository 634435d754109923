import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from './backend'
import { attribute, DataType, RawTensorFlow } from './raw'

let raw: RawTensorFlow
beforeAll(async () => {
  await loadBackend('tensorflow')
  raw = new RawTensorFlow()
})

describe('raw TensorFlow ops', () => {
  it('run by name, with attributes of every kind', () => {
    raw.tidy(() => {
      const a = raw.floats(Float32Array.of(1, 2, 3, 4), [2, 2])
      const product = raw.run('MatMul', [a, a], [attribute.bool('transpose_b', true)])
      expect([...raw.read(product)]).toEqual([5, 11, 11, 25])
      const [values, indices] = raw.runMany('TopKV2', 2, [product, raw.integer(1)])
      expect([...raw.read(values!)]).toEqual([11, 25])
      expect([...raw.readIntegers(indices!)]).toEqual([1, 1])
      const packed = raw.run(
        'Pack',
        [raw.integers([7, 8]), raw.integers([9, 10])],
        [attribute.int('N', 2), attribute.type('T', DataType.int32), attribute.int('axis', 1)],
      )
      expect([...raw.readIntegers(packed)]).toEqual([7, 9, 8, 10])
      const back = raw.run('Cast', [raw.longs([-3, 2 ** 40])], [attribute.type('DstT', DataType.float32)])
      expect([...raw.read(back)]).toEqual([-3, 2 ** 40])
    })
    expect(raw.live).toBe(0)
  })

  it('free what a block made, and keep what it returns', () => {
    const before = tf.memory().numTensors
    const kept = raw.tidy(() => {
      const one = raw.scalar(1)
      raw.free(raw.run('Neg', [one]))
      const inner = raw.tidy(() => ({ sum: raw.run('AddV2', [one, raw.scalar(2)]), note: 'plain' }))
      expect(raw.live).toBe(2)
      return [inner.sum]
    })
    expect(raw.live).toBe(1)
    expect(raw.read(kept[0]!)[0]).toBe(3)
    raw.free(...kept)
    expect([raw.live, tf.memory().numTensors]).toEqual([0, before])
  })

  it('free what a block made when it throws', () => {
    const failing = () => raw.tidy(() => raw.run('MatMul', [raw.scalar(1), raw.scalar(2)]))
    expect(failing).toThrow(/ndims must be/)
    expect(raw.live).toBe(0)
  })
})
