import { describe, expect, it } from 'vitest'
import { caps, ranksByDensity, shares, zipfWeights } from './zipf'

const law = { exponent: 1, offset: 0 }

describe('caps by a Zipf law', () => {
  it.each([
    [8, 20, [7, 4, 2, 2, 2, 1, 1, 1]],
    [8, 40, [10, 9, 6, 4, 3, 3, 3, 2]],
    [16, 20, [4, 2, ...Array<number>(14).fill(1)]],
  ])('of %i latents and %i entries over 10 tokens', (latents, total, expected) => {
    expect([...caps(total, 10, zipfWeights(latents, law))]).toEqual(expected)
  })

  it('add up to the budget, between 1 and the tokens, and never rise with the rank', () => {
    for (const [latents, tokens, total] of [
      [5, 4, 8],
      [100, 64, 100],
      [100, 64, 6400],
      [777, 128, 4096],
    ] as const) {
      // prettier-ignore
      for (const exponent of [0, 0.7, 1, 2]) {
        const found = [...caps(total, tokens, zipfWeights(latents, { exponent, offset: 2 }))]
        expect(found.reduce((sum, cap) => sum + cap, 0)).toBe(total)
        expect(Math.min(...found)).toBeGreaterThanOrEqual(1)
        expect(Math.max(...found)).toBeLessThanOrEqual(tokens)
        expect(found).toEqual([...found].sort((a, b) => b - a))
      }
    }
  })
})

describe('shares', () => {
  it('may be below one, and add up', () => {
    const found = shares(10, zipfWeights(50, law), 0, 4)
    expect(found.reduce((sum, share) => sum + share, 0)).toBeCloseTo(10, 9)
    expect(found[0]).toBeCloseTo(10 / 4.4992, 3)
    expect(Math.min(...found)).toBeLessThan(0.05)
  })
})

describe('ranks', () => {
  it('are those of falling density, the lowest index first among equals', () => {
    expect([...ranksByDensity(Float32Array.of(0.1, 0.5, 0.1, 0.9))]).toEqual([2, 1, 3, 0])
  })
})
