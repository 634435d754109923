import { describe, expect, it } from 'vitest'
import { logTicks, padded, widened } from './scales'

describe('a logarithmic axis', () => {
  it('spans at least a factor of two around a single value', () => {
    const [low, high] = widened([8, 8])
    expect(high / low).toBeCloseTo(2, 10)
    expect(Math.sqrt(low * high)).toBeCloseTo(8, 10)
  })

  it('has a handful of ticks, each inside, in narrow and in wide ranges', () => {
    for (const range of [widened([10, 11]), widened([3, 300]), widened([1e-6, 0.4])]) {
      const ticks = logTicks(range)
      expect(ticks.length).toBeGreaterThan(1)
      expect(ticks.length).toBeLessThan(12)
      expect(ticks.every((tick) => tick >= range[0] && tick <= range[1])).toBe(true)
    }
    expect(logTicks([0.5, 20_000])).toEqual([1, 10, 100, 1000, 10_000])
  })
})

it('a linear axis has room around a single value', () => {
  const [low, high] = padded([3, 3])
  expect(low).toBeLessThan(3)
  expect(high).toBeGreaterThan(3)
})
