import { describe, expect, it } from 'vitest'
import { densityPicture, drawnRanks, fittedThen } from './statistics'

const pictureOf = (densities: number[]) =>
  densityPicture({ densities, source: 'run', tokens: 10_000, zipf: fittedThen(undefined, densities) })

describe('the picture of densities', () => {
  it('finds the law they were made from, whatever their order, and leaves dead latents out', () => {
    const densities = Array.from({ length: 2000 }, (_, at) => 0.5 * (at + 1 + 4) ** -0.9)
    const found = pictureOf([0, ...densities.toReversed(), 0])
    expect(found).toMatchObject({ latents: 2002, live: 2000, fit: { ranks: 1800 }, fitDoubt: null })
    expect(found.fit!.exponent).toBeCloseTo(0.9, 3)
    expect(found.fit!.offset).toBeCloseTo(4, 1)
    expect(found.fit!.scale).toBeCloseTo(0.5, 2)
    expect(found.byRank.density[0]).toBe(densities[0])
    expect(found.byRank.density.at(-1)).toBe(densities.at(-1))
    expect(found.histogram.counts.reduce((sum, count) => sum + count)).toBe(2000)
  })

  it('counts each density into the bin it lies in, the rarest into the first', () => {
    const { edges, counts } = pictureOf([1, 0.9, 0.02, 1e-9]).histogram
    const inBin = (density: number) => edges.findLastIndex((edge) => edge <= Math.log10(density))
    expect(counts[inBin(0.9)]).toBe(2)
    expect(counts[inBin(0.02)]).toBe(1)
    expect(counts[0]).toBe(1)
    expect(edges).toHaveLength(counts.length + 1)
  })

  it('is empty where nothing fires', () => {
    expect(pictureOf([0, 0])).toMatchObject({ live: 0, fit: null, byRank: { rank: [], density: [] } })
  })

  it('shows the law that was stored, and says what is doubtful in it', () => {
    const stored = { exponent: 412, offset: 1e4, scale: 1, r2: 0.99, ranks: 10 }
    expect(fittedThen(stored, [])).toBe(stored)
    expect(
      fittedThen(
        null,
        Array.from({ length: 50 }, (_, at) => 1 / (at + 1)),
      ),
    ).toBeNull()
    const found = densityPicture({ densities: [0.1, 0.2], source: 'run', tokens: 10, zipf: stored })
    expect(found.fit).toEqual(stored)
    expect(found.fitDoubt).toMatch(/unlike any power of the rank/)
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
