import { describe, expect, it } from 'vitest'
import { densityPicture, drawnRanks } from './densityPicture'

const origin = { source: 'run', tokens: 10_000 } as const

describe('the picture of densities', () => {
  it('finds the law they were made from, whatever their order, and leaves dead latents out', () => {
    const densities = Array.from({ length: 2000 }, (_, at) => 0.5 * (at + 1 + 4) ** -0.9)
    const found = densityPicture([0, ...densities.toReversed(), 0], origin)
    expect(found).toMatchObject({ latents: 2002, live: 2000, fit: { ranks: 1800 } })
    expect(found.fit!.exponent).toBeCloseTo(0.9, 3)
    expect(found.fit!.offset).toBeCloseTo(4, 1)
    expect(found.fit!.scale).toBeCloseTo(0.5, 2)
    expect(found.byRank.density[0]).toBe(densities[0])
    expect(found.byRank.density.at(-1)).toBe(densities.at(-1))
    expect(found.histogram.counts.reduce((sum, count) => sum + count)).toBe(2000)
  })

  it('counts each density into the bin it lies in, the rarest into the first', () => {
    const { edges, counts } = densityPicture([1, 0.9, 0.02, 1e-9], origin).histogram
    const inBin = (density: number) => edges.findLastIndex((edge) => edge <= Math.log10(density))
    expect(counts[inBin(0.9)]).toBe(2)
    expect(counts[inBin(0.02)]).toBe(1)
    expect(counts[0]).toBe(1)
    expect(edges).toHaveLength(counts.length + 1)
  })

  it('is empty where nothing fires', () => {
    expect(densityPicture([0, 0], origin)).toMatchObject({ live: 0, fit: null, byRank: { rank: [], density: [] } })
  })
})

it('draws ranks from first to last, more of them where a logarithmic axis has room', () => {
  expect(drawnRanks(4)).toEqual([1, 2, 3, 4])
  const ranks = drawnRanks(65_536)
  expect([ranks[0], ranks.at(-1)]).toEqual([1, 65_536])
  expect(ranks.length).toBeLessThanOrEqual(300)
  expect(ranks.slice(0, 5)).toEqual([1, 2, 3, 4, 5])
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
})
