import { describe, expect, it } from 'vitest'
import { underused } from '../losses/auxZipf'
import { caps, ranksByDensity, shares, zipfWeights } from './law'
import { fitZipf, zipfDoubt } from './fit'

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

describe('the fit of a Zipf law', () => {
  const power = (count: number, exponent: number, offset: number) =>
    Float64Array.from({ length: count }, (_, i) => 0.4 * (i + 1 + offset) ** -exponent)

  it.each([
    [1000, 1, 0],
    [1000, 0.8, 4],
    [4608, 1.3, 50],
    [200, 2, 1.5],
  ])('finds an exact law again: %i ranks, exponent %d, offset %d', (count, exponent, offset) => {
    const found = fitZipf(power(count, exponent, offset))!
    expect(found.exponent).toBeCloseTo(exponent, 3)
    expect(Math.abs(found.offset - offset)).toBeLessThan(1e-2 * (1 + offset))
    expect(found.scale / 0.4).toBeCloseTo(1, 1)
    expect(found.r2).toBeGreaterThan(0.999999)
    expect(found.ranks).toBe(Math.floor(0.9 * count))
  })

  it('does not depend on the order of latents, nor on dead ones', () => {
    const law = fitZipf(power(300, 1, 3))!
    expect(fitZipf([...power(300, 1, 3)].reverse().flatMap((value) => [0, value]))).toEqual(law)
  })

  it('leaves the tail out, which falls below the law', () => {
    const fallen = power(1000, 1, 3).map((value, i) => (i < 900 ? value : value * 1e-3))
    expect(fitZipf(fallen)!.exponent).toBeCloseTo(1, 3)
  })

  it('finds dying latents by the law of the run, whatever law the settings state', () => {
    const density = Float32Array.from(power(500, 1.5, 20), (value, i) => (i < 460 ? value : value * 0.05))
    const alive = new Float32Array(500)
    const sum = density.reduce((total, value) => total + value, 0)
    const settings = { tau: 0.5, meanActive: sum, exponent: 0, offset: 0 }
    const found = underused(density, alive, { ...settings, fit: true })
    expect(found.reduce((count, isIn) => count + isIn, 0)).toBe(40)
    expect(found.indexOf(1)).toBe(460)
    expect(underused(density, alive, settings).indexOf(1)).toBeLessThan(460)
  })

  it('is refused where nothing can be fitted', () => {
    expect(fitZipf(power(11, 1, 0))).toBeNull()
    expect(fitZipf(new Float32Array(100))).toBeNull()
    expect(fitZipf(new Float32Array(100).fill(0.1))).toBeNull()
  })

  it.each([
    ['an exact law', power(100, 1, 3), null],
    ['a small one', power(12, 1, 0), null],
    ['too few latents', power(11, 1, 0), '11 latents fire, too few to fit a law to'],
    ['one latent', [0, 0.1], 'one latent fires, too few to fit a law to'],
    ['none', [0, 0], '0 latents fire, too few to fit a law to'],
    ['equal densities', new Float32Array(40).fill(0.1), 'no slope to fit'],
    ['an exponential', Array.from({ length: 40 }, (_, i) => 0.5 * Math.exp(-i / 8)), 'unlike any power of the rank'],
    ['one latent above the others', [0.2, ...Array<number>(99).fill(0.1)], 'explains only'],
  ])('of %s is believed, or doubted for a reason', (_, densities, reason) => {
    const live = [...densities].filter((density) => density > 0).length
    const doubt = zipfDoubt(fitZipf(densities), live)
    if (reason === null) expect(doubt).toBeNull()
    else expect(doubt).toContain(reason)
  })
})
