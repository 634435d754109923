import { describe, expect, it } from 'vitest'
import { createRandom } from '../../tensors/random'
import { fitLogistic, scores, type Rows } from './logistic'

function column(values: readonly number[]): Rows {
  return { data: Float64Array.from(values), n: values.length, width: 1 }
}

describe('logistic regression', () => {
  it('finds the odds of a two-valued column, which are known in closed form', () => {
    // x = 0: one of four is positive; x = 1: three of four.
    const rows = column([0, 0, 0, 0, 1, 1, 1, 1])
    const positive = Uint8Array.from([1, 0, 0, 0, 1, 1, 1, 0])
    const { weights, bias } = fitLogistic(rows, positive, { l2: 0, balanced: false })
    expect(bias).toBeCloseTo(Math.log(1 / 3), 5)
    expect(weights[0]).toBeCloseTo(Math.log(3) - Math.log(1 / 3), 5)
  })

  it('stands where the gradient is zero, with the penalty on standardised columns', () => {
    const random = createRandom('logistic')
    const [n, width, l2] = [200, 6, 0.01]
    const data = Float64Array.from({ length: n * width }, (_, i) => random.normal() * 10 ** (i % width) + 5)
    const positive = Uint8Array.from({ length: n }, (_, row) =>
      data[row * width]! + 0.3 * random.normal() > 5.5 ? 1 : 0,
    )
    const rows = { data, n, width }
    const probe = fitLogistic(rows, positive, { l2 })
    const positives = positive.reduce((sum, each) => sum + each, 0)
    const slopes = scores(probe, rows).map((score, row) => {
      const weight = 0.5 / (positive[row] ? positives : n - positives)
      return weight * (1 / (1 + Math.exp(-score)) - positive[row]!)
    })
    expect(slopes.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 6)
    for (let at = 0; at < width; at++) {
      const values = Array.from({ length: n }, (_, row) => data[row * width + at]!)
      const mean = values.reduce((sum, value) => sum + value, 0) / n
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n)
      const slope = slopes.reduce((sum, each, row) => sum + (each * (values[row]! - mean)) / deviation, 0)
      expect(slope + l2 * probe.weights[at]! * deviation).toBeCloseTo(0, 5)
    }
  })

  it('weighs classes of unequal size equally, and columns that do not vary with zero', () => {
    const rows = { data: Float64Array.from([0, 7, 0, 7, 0, 7, 1, 7]), n: 4, width: 2 }
    const { weights, bias } = fitLogistic(rows, Uint8Array.from([0, 0, 0, 1]))
    expect(weights[1]).toBe(0)
    // The boundary is in the middle, not near the larger class.
    expect(-bias / weights[0]!).toBeCloseTo(0.5, 1)
  })
})
