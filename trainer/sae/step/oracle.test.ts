import { describe, expect, it } from 'vitest'
import { batchOf, roughParameters, smallSpec, varyingSpecs } from '../engines/engines.testing'
import { Oracle } from './oracle.testing'

/** Rows of the batch. */
const ROWS = 8

describe('the oracle', () => {
  it.each([
    ['an autoencoder with dead latents', smallSpec({ deadAfterTokens: ROWS })],
    ['a transcoder', smallSpec({ d_out: 9, targetScale: 1.7, subtractDecoderBias: false })],
    ...varyingSpecs(ROWS),
  ])('has the gradients of its loss, by finite differences: %s', (_, spec) => {
    const batch = batchOf(spec, ROWS, 'oracle')
    const oracle = new Oracle(spec, roughParameters(spec))
    const { gradients, ...fixed } = oracle.gradients(batch)
    // The loss has steps at thresholds; their gradient is an estimate.
    for (const [name, values] of Object.entries(oracle.parameters).filter(([name]) => name !== 'threshold')) {
      const numeric = values.map((value, i) => {
        const lossAt = (moved: number) => {
          values[i] = moved
          const loss = oracle.loss(oracle.parameters, batch, fixed)
          values[i] = value
          return loss
        }
        return (lossAt(value + 1e-6) - lossAt(value - 1e-6)) / 2e-6
      })
      let [difference, norm] = [0, 0]
      for (let i = 0; i < numeric.length; i++) {
        difference += (numeric[i]! - gradients[name]![i]!) ** 2
        norm += numeric[i]! ** 2
      }
      expect(Math.sqrt(difference / norm), name).toBeLessThan(1e-4)
    }
  })
})
