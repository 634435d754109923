import { describe, expect, it } from 'vitest'
import { harvestProvenance, requireSameProvenance, type HarvestProvenance } from './provenance'

const made: HarvestProvenance = {
  model: 'smollm2',
  weightsHash: 'aa',
  tokenizerHash: null,
  corpus: 'sotu',
  corpusHash: 'bb',
  hook: 'blocks.9.hook_resid_post',
  d_in: 576,
  dtype: 'f32',
  contextSize: 128,
  tokens: 200_000,
  seed: 0,
  engine: 'tensorflow 2.21.0 cpu',
  device: 'cpu',
}

const thrown = (current: Partial<HarvestProvenance>): unknown => {
  try {
    requireSameProvenance(made, { ...made, ...current })
  } catch (error) {
    return error
  }
  return undefined
}

describe('requireSameProvenance', () => {
  it('accepts equal provenances', () => {
    expect(thrown({})).toBeUndefined()
  })

  it('names each field that differs, with both values', () => {
    expect(thrown({ tokenizerHash: 'cc', contextSize: 256 })).toMatchObject({
      code: 'mismatch',
      message: expect.stringMatching(
        /tokenizerHash is none there and "cc" here; contextSize is 128 there and 256 here/,
      ) as string,
      remedy: expect.stringContaining('another name') as string,
    })
    for (const field of Object.keys(made) as (keyof HarvestProvenance)[]) {
      expect(thrown({ [field]: 'other' })).toMatchObject({ message: expect.stringContaining(`${field} is`) as string })
    }
  })

  it('says what to do about another engine', () => {
    expect(thrown({ engine: 'wasm' })).toMatchObject({
      remedy: expect.stringContaining('engine and device that started it') as string,
    })
  })

  it('is strict about what is stored', () => {
    expect(harvestProvenance.safeParse({ ...made, extra: 1 }).success).toBe(false)
    expect(harvestProvenance.safeParse(made).success).toBe(true)
  })
})
