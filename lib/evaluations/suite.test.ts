import { describe, expect, it } from 'vitest'
import { SUITE, SUITE_NAMES } from '../../trainer/evaluate/suite'
import { SuiteOptions } from './schema'

describe('options of the suite', () => {
  it('are the settings of all parts, without other defaults', () => {
    const options = SuiteOptions.parse({ suite: ['influence'], features: 7 })
    expect(options).toEqual({ suite: ['influence'], features: 7 })
    for (const name of SUITE_NAMES) {
      for (const key of Object.keys(SUITE[name].settings.shape)) expect(SuiteOptions.shape).toHaveProperty(key)
    }
  })

  it('are described, with the default', () => {
    expect(SuiteOptions.shape.features.description).toBe(
      'live latents drawn, and as many random directions (default 100)',
    )
  })

  it('are checked as in the part they belong to', () => {
    expect(SuiteOptions.safeParse({ suite: ['influence'], contexts: 1 }).success).toBe(false)
    expect(SuiteOptions.safeParse({ suite: ['nothing'] }).success).toBe(false)
    expect(SuiteOptions.safeParse({ suite: [] }).success).toBe(false)
  })
})
