import { describe, expect, it } from 'vitest'
import { absorptionFraction, absorptionOf } from './formula'

describe('absorption', () => {
  it.each([
    { main: 2, top3: 5, act: 10, fraction: 5 / 7 },
    { main: 0, top3: 5, act: 10, fraction: 1 },
    { main: 10, top3: 5, act: 10, fraction: 0 },
    { main: 2, top3: 3, act: 10, fraction: 0 },
    { main: 7, top3: 6, act: 10, fraction: 0.3 },
  ])('of main $main, others $top3, activation $act is $fraction', ({ main, top3, act, fraction }) => {
    expect(absorptionFraction(main, top3, act)).toBeCloseTo(fraction, 6)
  })

  const latent = (activation: number, cosine: number, isMain = false) => ({ activation, cosine, isMain })

  it('counts the three largest aligned others alone', () => {
    const others = [latent(2, 0.5), latent(4, 0.5), latent(6, 0.5), latent(8, 0.5), latent(100, 0.09), latent(9, -0.5)]
    // 4 + 3 + 2 of an activation of 12, main 1: 9 / (9 + 1)
    expect(absorptionOf([latent(2, 0.5, true), ...others], 12).fraction).toBeCloseTo(0.9, 12)
  })

  it('is full where every main latent is silent and one aligned latent carries 0.4 of the activation', () => {
    expect(absorptionOf([latent(10, 0.5)], 12.4).full).toBe(true)
    expect(absorptionOf([latent(10, 0.5)], 12.6).full).toBe(false)
    expect(absorptionOf([latent(10, 0.5), latent(0.1, 0.9, true)], 10).full).toBe(false)
    expect(absorptionOf([latent(1000, 0.02)], 10).full).toBe(false)
    expect(absorptionOf([latent(10, 0.5)], -1).full).toBe(false)
    expect(absorptionOf([], 10)).toEqual({ fraction: 0, full: false })
  })
})
