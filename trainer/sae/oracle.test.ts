import { describe, expect, it } from 'vitest'
import { roughParameters, randomRows, smallSpec, varyingSpecs } from './engines/testing'
import { Oracle } from './oracle.testing'

describe('the oracle', () => {
  it.each([
    ['an autoencoder with dead latents', smallSpec({ deadAfterTokens: 16 })],
    ['a transcoder', smallSpec({ d_out: 9, targetScale: 1.7, subtractDecoderBias: false })],
    ...varyingSpecs(16),
  ])('has the gradients of its loss, by finite differences: %s', (_, spec) => {
    const batch = {
      x: randomRows(16, 12, 'x'),
      ...(spec.d_out === 9 && { target: randomRows(16, 9, 'y') }),
      ...(spec.select.rule === 'gradient' && { gradient: randomRows(16, 12, 'g') }),
    }
    const oracle = new Oracle(spec, roughParameters(spec))
    const { gradients, ...fixed } = oracle.gradients(batch)
    for (const name of ['W_enc', 'b_enc', 'W_dec', 'b_dec'] as const) {
      const values = oracle.parameters[name]
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
        difference += (numeric[i]! - gradients[name][i]!) ** 2
        norm += numeric[i]! ** 2
      }
      expect(Math.sqrt(difference / norm), name).toBeLessThan(1e-4)
    }
  })
})
