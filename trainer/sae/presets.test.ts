import { describe, expect, it } from 'vitest'
import { PRESETS, withPreset } from './presets'
import { resolveTrainConfig } from './registry'

const RUN = { d_in: 576, d_sae: 4096, k: 32, tokens: 1_000_000 }

describe('presets', () => {
  it.each(PRESETS)('$name is a whole configuration with sizes and length, every value in its place', (preset) => {
    const config: Record<string, unknown> = { ...resolveTrainConfig(withPreset(preset.name, RUN)) }
    expect(config).toMatchObject({ architecture: preset.architecture, ...preset.settings, ...RUN })
  })

  it('take the learning rate of their source from the width', () => {
    const rate = (d_sae: number) => withPreset('dictionary-learning-topk', { ...RUN, d_sae })['learningRate']
    expect(rate(2 ** 14)).toBe(2e-4)
    expect(rate(2 ** 12)).toBe(4e-4)
  })

  it('give way to what is given besides, and are for their own architecture', () => {
    expect(withPreset('gao-topk', { learningRate: 3e-4, seed: undefined })).toMatchObject({ d_sae: 32_768, k: 32, learningRate: 3e-4 }) // prettier-ignore
    expect(withPreset('gao-topk', { seed: undefined })).not.toHaveProperty('seed')
    expect(() => withPreset('gao-topk', { architecture: 'batchtopk' })).toThrow(/is for topk, not for "batchtopk"/)
    expect(() => withPreset('gao-tpok', {})).toThrow(/no preset "gao-tpok"/)
  })
})
