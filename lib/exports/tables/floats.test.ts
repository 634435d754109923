import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../trainer/tensors/random'
import { shortFloat } from './floats'

describe('shortFloat', () => {
  it('is the decimal a person wrote', () => {
    for (const value of [0, 1, 0.9, 0.007, 1e-7, 123456.7, 3e20, -0.3])
      expect(shortFloat(Math.fround(value))).toBe(value)
  })

  it('is the same float32 again, in at most nine digits', () => {
    const random = createRandom(1)
    for (let i = 0; i < 10_000; i++) {
      const value = Math.fround((random.next() - 0.5) * 10 ** Math.floor(random.next() * 20 - 10))
      const short = shortFloat(value)
      expect(Math.fround(short)).toBe(value)
      expect(String(Number(short.toPrecision(9)))).toBe(String(short))
    }
  })
})
