import { describe, expect, it } from 'vitest'
import { createRandom } from '../../tensors/random'
import { Prediction } from './prediction'
import { sampleToken } from './sampling'

/** Probabilities 0.5, 0.3, 0.15, 0.05 on tokens 2, 0, 3, 1. */
const logits = Float32Array.of(Math.log(0.3), Math.log(0.05), Math.log(0.5), Math.log(0.15)).map((logit) => logit + 7)

function frequencies(rule: { temperature: number; topP: number }, values = logits, draws = 20_000): number[] {
  const random = createRandom(3)
  const prediction = new Prediction(values)
  const counts = new Array<number>(values.length).fill(0)
  for (let i = 0; i < draws; i++) counts[sampleToken(prediction, rule, random)]! += 1 / draws
  return counts
}

function expectNear(shares: number[], expected: number[]): void {
  // Four standard errors of a share at 20,000 draws.
  shares.forEach((share, id) => expect(Math.abs(share - expected[id]!), `token ${id}`).toBeLessThan(0.015))
}

describe('sampling', () => {
  it('draws the most likely token at temperature 0, the lowest id of equals', () => {
    const greedy = (values: Float32Array) =>
      sampleToken(new Prediction(values), { temperature: 0, topP: 1 }, createRandom(0))
    expect(greedy(logits)).toBe(2)
    expect(greedy(Float32Array.of(1, 3, 3))).toBe(1)
  })

  it('draws tokens as often as they are likely, sharper or flatter by temperature', () => {
    expectNear(frequencies({ temperature: 1, topP: 1 }), [0.3, 0.05, 0.5, 0.15])
    const sharp = [0.3, 0.05, 0.5, 0.15].map((share) => share ** 2)
    const total = sharp.reduce((a, b) => a + b)
    expectNear(
      frequencies({ temperature: 0.5, topP: 1 }),
      sharp.map((share) => share / total),
    )
  })

  it('draws from the fewest tokens that reach top-p, in their proportions', () => {
    expectNear(frequencies({ temperature: 1, topP: 0.5 }), [0, 0, 1, 0])
    expectNear(frequencies({ temperature: 1, topP: 0.79 }), [0.375, 0, 0.625, 0])
    expectNear(frequencies({ temperature: 1, topP: 0.9 }), [0.3 / 0.95, 0, 0.5 / 0.95, 0.15 / 0.95])
    const flat = new Float32Array(1000)
    expect(frequencies({ temperature: 1, topP: 0.5 }, flat, 2000).findLastIndex((share) => share > 0)).toBeLessThan(500)
  })

  it('never draws a token without probability', () => {
    const masked = Float32Array.of(-Infinity, 0, -Infinity)
    for (const topP of [1, 0.3]) expect(frequencies({ temperature: 1, topP }, masked, 500)[1]).toBeCloseTo(1)
  })
})
