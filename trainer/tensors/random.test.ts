import { describe, expect, it } from 'vitest'
import { createRandom } from './random'

describe('createRandom', () => {
  it('repeats for equal seeds and differs for others', () => {
    const draw = (seed: number | string) => Array.from({ length: 5 }, createRandom(seed).next)
    expect(draw(1)).toEqual(draw(1))
    expect(draw('1')).toEqual(draw(1))
    expect(draw(2)).not.toEqual(draw(1))
  })

  it('is pinned: a stored seed makes the same data on every machine and in every release', () => {
    const { int, permutation } = createRandom('pinned')
    expect(Array.from({ length: 6 }, () => int(1000))).toMatchInlineSnapshot(`
      [
        503,
        562,
        934,
        569,
        239,
        416,
      ]
    `)
    expect([...permutation(8)]).toMatchInlineSnapshot(`
      [
        2,
        4,
        3,
        5,
        0,
        1,
        7,
        6,
      ]
    `)
  })

  it('has the moments of a uniform and of a standard normal', () => {
    const { next, normal } = createRandom(3)
    const uniform = Array.from({ length: 50_000 }, next)
    const gaussian = Array.from({ length: 50_000 }, normal)
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(uniform)).toBeCloseTo(0.5, 2)
    expect(mean(uniform.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2)
    expect(Math.abs(mean(gaussian))).toBeLessThan(0.02)
    expect(mean(gaussian.map((value) => value ** 2))).toBeCloseTo(1, 1)
    expect(mean(gaussian.map((value) => value ** 4))).toBeGreaterThan(2.7)
  })

  it('permutes: every number once, every place about equally often', () => {
    const random = createRandom(4)
    expect([...random.permutation(100)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    const first = new Array<number>(5).fill(0)
    for (let i = 0; i < 5000; i++) first[random.permutation(5)[0]!]! += 1
    for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
