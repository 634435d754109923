import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { LoupeError } from '../errors'
import { packFeature, unpackFeature } from './pack'
import type { FeatureStatistics } from './types'

const lists = { positions: [3, 4, 126], values: [0.5, 2, 0.001] }
const statistics: FeatureStatistics = {
  tokens: 65_536,
  contextSize: 128,
  fireCount: 5_000_000_000,
  maxActivation: 2,
  meanActivation: 0.75,
  histogram: [1, 0, 300, 70_000],
  top: [{ context: 70_000, position: 4, activation: 2, ...lists }],
  intervals: [
    {
      from: 0.5,
      to: 0.9,
      lower: 0.25,
      upper: 1.5,
      examples: [{ context: 70_000, position: 3, activation: 0.5, ...lists }],
    },
  ],
  random: [{ context: 5, position: 0, activation: 1, positions: [0], values: [1] }],
  topTokens: [{ token: 49_151, mean: 1.5, fires: 2, occurrences: 3 }],
  logits: {
    method: 'final-norm+unembedding',
    top: [{ token: 7, logit: 0.5 }],
    bottom: [{ token: 300, logit: -0.25 }],
  },
  neighbours: [{ feature: 4607, cosine: 0.5 }],
}

describe('the packed row of a feature', () => {
  it('comes back as it was, values to 16 bits of the maximum', () => {
    const packed = packFeature(statistics)
    const back = unpackFeature(packed)
    const { top, intervals, random, ...rest } = statistics
    expect(back).toMatchObject(rest)
    const pairs = [
      [back.top[0]!, top[0]!],
      [back.intervals[0]!.examples[0]!, intervals[0]!.examples[0]!],
      [back.random[0]!, random[0]!],
    ] as const
    for (const [found, expected] of pairs) {
      expect({ ...found, activation: 0, values: [] }).toEqual({ ...expected, activation: 0, values: [] })
      expect(Math.abs(found.activation - expected.activation)).toBeLessThanOrEqual(2 / 65_535)
      found.values.forEach((value, i) => expect(Math.abs(value - expected.values[i]!)).toBeLessThanOrEqual(2 / 65_535))
    }
    expect(back.top[0]!.activation).toBe(2)
    expect(back.intervals[0]).toMatchObject({ from: 0.5, to: 0.9, lower: 0.25, upper: 1.5 })
  })

  it('keeps a tiny activation above zero', () => {
    const tiny = { context: 0, position: 0, activation: 1e-9, positions: [0], values: [1e-9] }
    expect(unpackFeature(packFeature({ ...statistics, top: [tiny] })).top[0]!.values[0]).toBeGreaterThan(0)
  })

  it('stores a context once for all examples that share it', () => {
    const example = statistics.top[0]!
    const once = packFeature({ ...statistics, top: [example] }).length
    const often = packFeature({ ...statistics, top: Array.from({ length: 11 }, () => example) }).length
    expect(often - once).toBe(20)
  })

  it('refuses every truncation and every flipped byte with a clear error', () => {
    const packed = packFeature(statistics)
    for (let length = 0; length < packed.length; length++) {
      expect(() => unpackFeature(packed.subarray(0, length), 12)).toThrow(LoupeError)
    }
    for (let at = 0; at < packed.length; at++) {
      const flipped = Buffer.from(packed)
      flipped[at]! ^= 0x10
      expect(() => unpackFeature(flipped, 12)).toThrow(/the stored statistics of feature 12 cannot be read/)
    }
  })

  it('names a format of another version', () => {
    const packed = packFeature(statistics)
    const body = Buffer.from(packed.subarray(0, -4))
    body[0] = 9
    expect(() => unpackFeature(withChecksum(body))).toThrow(/have format 9, this Loupe reads 1/)
  })

  it('checks what the checksum cannot: positions outside the context, wrong references', () => {
    const outside = { context: 0, position: 200, activation: 1, positions: [200], values: [1] }
    expect(() => unpackFeature(packFeature({ ...statistics, top: [outside] }))).toThrow(/over the limit|in a context/)
    const silent = { ...statistics.top[0]!, position: 9 }
    expect(() => packFeature({ ...statistics, top: [silent] })).toThrow(/does not fire/)
  })
})

function withChecksum(body: Buffer): Buffer {
  const out = Buffer.concat([body, Buffer.alloc(4)])
  out.writeUInt32LE(crc32(body), body.length)
  return out
}
