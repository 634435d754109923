import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../tensors/backend'
import { createRandom } from '../tensors/random'
import { bestMatches } from './matches'

beforeAll(() => loadBackend('cpu'))

const [D_SAE, WIDTH] = [40, 12]
const random = createRandom('matches')
const rows = (n: number, width = WIDTH) => ({
  shape: [n, width],
  data: Float32Array.from({ length: n * width }, () => random.normal()),
})
const cosine = (x: Float32Array, y: Float32Array) => {
  const dot = (u: Float32Array, v: Float32Array) => u.reduce((sum, value, i) => sum + value * v[i]!, 0)
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

describe('best matches', () => {
  it('find the permutation of a copy with other norms, each with cosine 1, whatever the size of the blocks', async () => {
    const a = rows(D_SAE)
    const order = random.permutation(D_SAE)
    const b = { shape: [D_SAE, WIDTH], data: new Float32Array(D_SAE * WIDTH) }
    for (const [to, from] of order.entries()) {
      const row = a.data.subarray(from * WIDTH, (from + 1) * WIDTH)
      b.data.set(
        row.map((value) => value * (1 + to)),
        to * WIDTH,
      )
    }
    for (const blockFloats of [1, 3 * D_SAE + 1, 2 ** 20]) {
      const tensors = tf.memory().numTensors
      const { ofA, ofB } = await bestMatches(a, b, { blockFloats })
      expect([...ofB.latent]).toEqual([...order])
      for (const [to, from] of order.entries()) expect(ofA.latent[from]).toBe(to)
      for (const found of [...ofA.cosine, ...ofB.cosine]) expect(found).toBeCloseTo(1, 5)
      expect(tf.memory().numTensors).toBe(tensors)
    }
  })

  it('are the largest cosines both ways, negative ones and rows of zeros included', async () => {
    const [a, b] = [rows(7), rows(5)]
    a.data.fill(0, 0, WIDTH)
    const row = ({ data }: typeof a, at: number) => data.subarray(at * WIDTH, (at + 1) * WIDTH)
    const { ofA, ofB } = await bestMatches(a, b, { blockFloats: 10 })
    expect(ofA.cosine[0]).toBe(0)
    for (let i = 1; i < 7; i++) {
      const all = Array.from({ length: 5 }, (_, j) => cosine(row(a, i), row(b, j)))
      expect(ofA.cosine[i]).toBeCloseTo(Math.max(...all), 5)
      expect(ofA.latent[i]).toBe(all.indexOf(Math.max(...all)))
    }
    for (let j = 0; j < 5; j++) {
      const all = Array.from({ length: 7 }, (_, i) => (i === 0 ? 0 : cosine(row(a, i), row(b, j))))
      expect(ofB.cosine[j]).toBeCloseTo(Math.max(...all), 5)
      expect(ofB.latent[j]).toBe(all.indexOf(Math.max(...all)))
    }
    const opposite = { shape: [1, WIDTH], data: row(b, 0).map((value) => -value) }
    expect((await bestMatches(opposite, { shape: [1, WIDTH], data: row(b, 0) })).ofA.cosine[0]).toBeCloseTo(-1, 5)
  })

  it('refuse rows of other widths, and end when they are cancelled', async () => {
    await expect(bestMatches(rows(3), rows(3, 5))).rejects.toMatchObject({ code: 'mismatch', message: /12 and of 5/ })
    const attempt = bestMatches(rows(3), rows(3), { signal: AbortSignal.abort() })
    await expect(attempt).rejects.toMatchObject({ code: 'cancelled' })
  })
})
