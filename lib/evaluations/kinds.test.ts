import { describe, expect, it } from 'vitest'
import { CoreConfig, CoreMetrics, SuiteMetrics } from './kinds'

/** As JSON leaves the database. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('stored evaluations', () => {
  it('of the first version have no sample, and null for a ratio that is not defined', () => {
    const metrics = {
      heldOut: { tokens: 10, l0: 3, l1: 2.5, explainedVariance: NaN },
      training: { tokens: 10, l0: 3, l1: 2.5, explainedVariance: 0.5 },
      crossEntropy: { tokens: 8, crossEntropyRecovered: null },
      includeExcluded: false,
    }
    const heldOut = { ...metrics.heldOut, explainedVariance: null }
    expect(CoreMetrics.parse(stored(metrics))).toEqual({ ...metrics, heldOut })
    expect(CoreConfig.parse({ dictionary: 'd', harvest: 'h', tokens: 8 })).toMatchObject({ harvest: 'h', tokens: 8 })
  })

  it('with a damaged sample keep their figures', () => {
    const sample = { l0: [1], norm: [NaN], crossEntropy: [0.5] }
    expect(CoreMetrics.parse(stored({ heldOut: { l0: 1 }, sample }))).toMatchObject({ heldOut: { l0: 1 } })
  })

  it('of the suite show an interval without both ends as its value', () => {
    const cells = {
      probe: 'latents',
      k1: { value: 0.5, low: 0.4, high: 0.6 },
      k2: { value: 0.5, low: 0.4, high: NaN },
      k5: { value: NaN, low: NaN, high: NaN },
      all: null,
    }
    const { tables, latents } = SuiteMetrics.parse(
      stored({ notes: ['40 texts'], tables: { mean: [cells] }, latents: { encoder_norm: [1, NaN] } }),
    )
    expect(tables).toEqual({ mean: [{ ...cells, k2: 0.5, k5: null }] })
    expect(latents).toEqual({ encoder_norm: [1, null] })
  })
})
