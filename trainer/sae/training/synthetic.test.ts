import { describe, expect, it } from 'vitest'
import { correlation } from '../../evaluate/correlation'
import { SyntheticSpec, syntheticData } from './synthetic'

const SAMPLES = 20_000
const small = { d_in: 8, directions: 16, meanActive: 3 }

/** Which directions each sample is made of, where they are axes of their own. */
function activity(options: Partial<SyntheticSpec>) {
  const { x, directions, active } = syntheticData({ ...small, d_in: 64, ...options }, SAMPLES)
  return { x, directions, active }
}

describe('samples of known directions', () => {
  it.each([
    ['the plain recipe', {}],
    ['spread', { spread: 1 }],
    ['hierarchy', { hierarchy: 0.5 }],
    ['correlation', { correlation: 0.6 }],
  ])('keep the mean number of active directions: %s', (_, options) => {
    const { active } = activity(options)
    const mean = active.reduce((sum, count) => sum + count, 0) / SAMPLES
    expect(mean).toBeCloseTo(3, 1)
  })

  it('differ more in it under spread and correlation', () => {
    const variance = ({ active }: { active: Uint16Array }) =>
      active.reduce((sum, count) => sum + (count - 3) ** 2, 0) / SAMPLES
    const plain = variance(activity({}))
    expect(variance(activity({ spread: 1 }))).toBeGreaterThan(1.5 * plain)
    expect(variance(activity({ correlation: 0.6 }))).toBeGreaterThan(1.2 * plain)
  })

  it('hold a child only with its parent under hierarchy', () => {
    const { x, directions } = syntheticData({ d_in: 512, directions: 4, meanActive: 1.5, hierarchy: 0.5 }, 4000)
    const dot = (row: number, i: number) => {
      let sum = 0
      for (let j = 0; j < 512; j++) sum += x[row * 512 + j]! * directions[i * 512 + j]!
      return sum
    }
    let children = 0
    for (let row = 0; row < 4000; row++) {
      // Of four nearly orthogonal directions, 2 and 3 are the children of 0 and 1.
      for (const child of [2, 3]) {
        if (dot(row, child) < 0.5) continue
        children++
        expect(dot(row, child - 2)).toBeGreaterThan(0)
      }
    }
    expect(children).toBeGreaterThan(500)
  })

  it('are the same for equal specifications, differ for another stream, and have noise where the specification says so', () => {
    const { x } = syntheticData(small, 50)
    expect(syntheticData(small, 50).x).toEqual(x)
    expect(syntheticData(small, 50, 'held out').x).not.toEqual(x)
    const silent = syntheticData({ ...small, meanActive: 1e-9, noise: 0.5 }, SAMPLES).x
    expect(Math.sqrt(silent.reduce((sum, value) => sum + value * value, 0) / silent.length)).toBeCloseTo(0.5, 1)
  })

  it('refuse impossible specifications', () => {
    expect(SyntheticSpec.safeParse({ hierarchy: 1 }).success).toBe(false)
    expect(SyntheticSpec.safeParse({ spread: 2 }).success).toBe(false)
  })
})

describe('correlation', () => {
  it('is that of Pearson, and null where nothing varies', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12)
    expect(correlation([1, 2, 3], [3, 1, 2])).toBeCloseTo(-0.5, 12)
    expect(correlation([1, 1, 1], [1, 2, 3])).toBeNull()
  })
})
