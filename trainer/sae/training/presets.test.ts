import { describe, expect, it } from 'vitest'
import { sparsityWarmupSteps } from '../architectures/sparsity'
import { PRESETS, withPreset } from './presets'
import { resolveTrainConfig } from '../architectures'

const RUN = { d_in: 576, d_sae: 4096, k: 32, tokens: 1_000_000 }

/** What follows from the length of that run, in steps of 2048 tokens: 489 of them. */
const LEFT = { batchSize: 2048, seed: 0, resampleAt: [], keepEvery: null, keepAt: [] }

const DICTIONARY_LEARNING = {
  ...LEFT,
  beta2: 0.999,
  epsilon: 1e-8,
  gradientClip: 1,
  warmupSteps: 1000,
  decaySteps: 0,
  deadAfterTokens: 10_000_000,
  auxK: 288,
}

/** Every value of a whole configuration, those that a preset leaves to the run among them. */
const RESOLVED: Record<string, object> = {
  'gao-topk': {
    ...LEFT,
    architecture: 'topk',
    batchSize: 131_072,
    learningRate: 1e-4,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 6.25e-10,
    gradientClip: null,
    warmupSteps: 0,
    decaySteps: 0,
    deadAfterTokens: 10_000_000,
    auxK: 256,
    auxCoefficient: 0.03125,
  },
  'dictionary-learning-topk': {
    ...DICTIONARY_LEARNING,
    architecture: 'topk',
    learningRate: 4e-4,
    beta1: 0.9,
    auxCoefficient: 0.03125,
  },
  'dictionary-learning-batchtopk': {
    ...DICTIONARY_LEARNING,
    architecture: 'batchtopk',
    learningRate: 4e-4,
    beta1: 0.9,
    auxCoefficient: 0.03125,
    averageFrom: 1000,
    averageDecay: 0.999,
  },
  'dictionary-learning-jumprelu': {
    ...DICTIONARY_LEARNING,
    architecture: 'jumprelu',
    learningRate: 7e-5,
    beta1: 0,
    auxCoefficient: 0,
    bandwidth: 0.001,
    firstThreshold: 0.001,
    l0Coefficient: 1,
    sparsityWarmup: 2000,
  },
  'rajamanoharan-gated': {
    ...LEFT,
    architecture: 'gated',
    learningRate: 5e-5,
    beta1: 0,
    beta2: 0.999,
    epsilon: 1e-8,
    gradientClip: 1,
    warmupSteps: 24,
    decaySteps: 98,
    deadAfterTokens: 50_000,
    l1Coefficient: 0.1,
    l1Gain: 0.033,
    sparsityWarmup: 0.05,
  },
  'kissane-attention': {
    ...LEFT,
    architecture: 'relu',
    batchSize: 4096,
    learningRate: 1.2e-3,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    gradientClip: null,
    warmupSteps: 1000,
    decaySteps: 0,
    deadAfterTokens: 50_000,
    resampleAt: [25_000, 50_000, 75_000, 100_000],
    l1Coefficient: 0.1,
    l1Gain: 0.05,
    sparsityWarmup: 0,
  },
}

describe('presets', () => {
  it.each(PRESETS)('$name has the values of its source, and the rest from the run', ({ name }) => {
    expect(resolveTrainConfig(withPreset(name, RUN))).toEqual({ ...RUN, ...RESOLVED[name] })
  })

  it('have the sizes of their sources by default', () => {
    expect(withPreset('gao-topk', {})).toMatchObject({ d_sae: 32_768, k: 32 })
    expect(withPreset('kissane-attention', {})).toMatchObject({ d_sae: 24_576 })
  })

  it('say how long sparsity warms up in steps, where others say a share of the run', () => {
    const warmup = (sparsityWarmup: number) => sparsityWarmupSteps({ ...RUN, batchSize: 2048, sparsityWarmup })
    expect([0, 0.05, 1, 2000].map(warmup)).toEqual([0, 24, 1, 2000])
  })

  it('take the learning rate of their source from the width', () => {
    const rate = (d_sae: number) => withPreset('dictionary-learning-topk', { ...RUN, d_sae })['learningRate']
    expect(rate(2 ** 14)).toBe(2e-4)
    expect(rate(2 ** 12)).toBe(4e-4)
  })

  it('can be overridden, and are for their own architecture', () => {
    expect(withPreset('gao-topk', { learningRate: 3e-4, seed: undefined })).toMatchObject({
      d_sae: 32_768,
      k: 32,
      learningRate: 3e-4,
    })
    expect(withPreset('gao-topk', { seed: undefined })).not.toHaveProperty('seed')
    expect(() => withPreset('gao-topk', { architecture: 'batchtopk' })).toThrow(/is for topk, not for "batchtopk"/)
    expect(() => withPreset('gao-tpok', {})).toThrow(/no preset "gao-tpok"/)
  })
})
