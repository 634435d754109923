import { describe, expect, it } from 'vitest'
import type { LoupeError } from '../../trainer/errors'
import { expandSweep, sweepRuns } from './expand'
import { MOST_RUNS, SweepSpec } from './schema'

const SETTINGS: Record<string, string[]> = {
  topk: ['architecture', 'd_sae', 'tokens', 'seed', 'k'],
  relu: ['architecture', 'd_sae', 'tokens', 'seed', 'l1'],
}
const expand = (spec: Partial<SweepSpec>) => expandSweep({ base: {}, ...spec }, (name) => SETTINGS[name])
const labels = (spec: Partial<SweepSpec>) => expand(spec).map(({ label }) => label)
const refusal = (spec: Partial<SweepSpec>) => {
  try {
    expand(spec)
  } catch (error) {
    return error as LoupeError
  }
  return expect.fail('accepted')
}

describe('a grid', () => {
  it('makes every combination, the last list fastest, with labels of what varies', () => {
    const runs = expand({ base: { tokens: 100, k: 4 }, grid: { d_sae: [16, 32], seed: [0, 1] } })
    expect(runs.map(({ label }) => label)).toEqual(['topk-16-seed0', 'topk-16-seed1', 'topk-32-seed0', 'topk-32-seed1'])
    expect(runs[1]!.settings).toEqual({ architecture: 'topk', tokens: 100, k: 4, d_sae: 16, seed: 1 })
  })

  it('passes an architecture only the settings it takes, and counts equal runs once', () => {
    const grid = { architecture: ['topk', 'relu'], k: [4, 8], l1: [1, 3, 5] }
    expect(labels({ base: { d_sae: 16 }, grid })).toEqual(['topk-k4', 'topk-k8', 'relu-l1=1', 'relu-l1=3', 'relu-l1=5'])
    expect(expand({ base: { d_sae: 16 }, grid })[2]!.settings).toEqual({ architecture: 'relu', d_sae: 16, l1: 1 })
  })

  it('does not depend on the order of its settings', () => {
    const lists = { architecture: ['topk', 'relu'], d_sae: [8, 16], seed: [0, 1], k: [2, 3], l1: [1, 2] }
    const backwards = Object.fromEntries(Object.entries(lists).reverse())
    expect(JSON.stringify(expand({ grid: backwards }))).toBe(JSON.stringify(expand({ grid: lists })))
    expect(labels({ grid: lists }).slice(0, 3)).toEqual(['topk-8-k2-seed0', 'topk-8-k2-seed1', 'topk-8-k3-seed0'])
  })

  it('of one run has the architecture as its label', () =>
    expect(labels({ base: { architecture: 'relu' } })).toEqual(['relu']))

  it('is refused for a setting that no architecture takes, a setting in base and grid, and too many runs', () => {
    expect(refusal({ base: { d_size: 3 }, grid: { k: [1] } }).message).toMatch(/\(topk\) takes "d_size"/)
    expect(refusal({ grid: { architecture: ['relu'], k: [1] } }).message).toMatch(/\(relu\) takes "k"/)
    expect(refusal({ base: { k: 3 }, grid: { k: [1] } }).message).toMatch(/"k" both in base and in grid/)
    const many = Array.from({ length: MOST_RUNS + 1 }, (_, seed) => seed)
    expect(refusal({ grid: { seed: many } })).toMatchObject({ code: 'too-large' })
    expect(refusal({ grid: { seed: many, k: many } }).message).toMatch(/makes 4225 runs, and the limit is 64/)
  })
})

describe('a list of runs', () => {
  it('overrides the base with the settings of each run', () => {
    const runs = expand({ base: { d_sae: 16, k: 4 }, runs: [{ k: 8 }, { architecture: 'relu', l1: 2 }] })
    expect(runs).toEqual([
      { label: 'topk-k8', settings: { architecture: 'topk', d_sae: 16, k: 8 } },
      { label: 'relu-l1=2', settings: { architecture: 'relu', d_sae: 16, l1: 2 } },
    ])
  })

  it('keeps settings that its architecture does not take, so that the architecture refuses them', () => {
    expect(expand({ runs: [{ architecture: 'relu', k: 3 }] })[0]!.settings).toEqual({ architecture: 'relu', k: 3 })
  })

  it('is refused when two are the same', () => {
    expect(refusal({ runs: [{ k: 3 }, { k: 4 }, { k: 3 }] }).message).toMatch(/runs 1 and 3 .* are the same: topk-k3/)
  })
})

describe('a specification', () => {
  it('is a grid or a list', () => {
    expect(SweepSpec.safeParse({ base: {}, grid: { k: [1] } }).success).toBe(true)
    for (const wrong of [{}, { grid: { k: [] } }, { grid: { k: [1] }, runs: [{}] }, { runs: [] }, { gird: {} }]) {
      expect(SweepSpec.safeParse(wrong).success).toBe(false)
    }
  })

  it('knows the settings of all architectures', () => {
    const spec = SweepSpec.parse({
      base: { tokens: 10 },
      grid: { architecture: ['topk', 'batchtopk'], averageFrom: [1, 2] },
    })
    expect(sweepRuns(spec).map(({ label }) => label)).toEqual([
      'topk',
      'batchtopk-averageFrom=1',
      'batchtopk-averageFrom=2',
    ])
    expect(() => sweepRuns(SweepSpec.parse({ base: { d_in: 3 }, grid: { k: [1] } }))).toThrow(/takes "d_in"/)
  })
})
