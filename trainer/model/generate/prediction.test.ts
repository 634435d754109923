import { describe, expect, it } from 'vitest'
import { createRandom } from '../../tensors/random'
import { Prediction } from './prediction'

const random = createRandom(9)
const logitsOf = (size: number) => Float32Array.from({ length: size }, () => 3 * random.normal() + 5)

describe('a prediction', () => {
  const probabilities = [0.3, 0.05, 0.5, 0.15]
  const prediction = new Prediction(Float32Array.from(probabilities, (each) => Math.log(each) + 7))

  it('has the log-probabilities of its logits', () => {
    probabilities.forEach((each, id) => expect(prediction.logprob(id)).toBeCloseTo(Math.log(each), 5))
    const large = new Prediction(logitsOf(1000))
    const sum = large.logits.reduce((total, _, id) => total + Math.exp(large.logprob(id)), 0)
    expect(sum).toBeCloseTo(1, 12)
  })

  it('lists the likeliest tokens first, the lower id of equals', () => {
    expect(prediction.likeliest(3).map(({ id }) => id)).toEqual([2, 0, 3])
    expect(prediction.likeliest(0)).toEqual([])
    expect(prediction.likeliest(9).map(({ id }) => id)).toEqual([2, 0, 3, 1])
    expect(new Prediction(Float32Array.of(1, 4, 2, 4, 2)).likeliest(4).map(({ id }) => id)).toEqual([1, 3, 2, 4])
    const large = new Prediction(logitsOf(5000))
    const sorted = [...large.logits.keys()].sort((a, b) => large.logits[b]! - large.logits[a]!)
    expect(large.likeliest(10).map(({ id }) => id)).toEqual(sorted.slice(0, 10))
  })

  it('diverges from another as the definition says, and from an equal one not at all', () => {
    const other = [0.25, 0.25, 0.4, 0.1]
    const expected = probabilities.reduce((sum, p, id) => sum + p * Math.log(p / other[id]!), 0)
    const its = new Prediction(Float32Array.from(other, (each) => Math.log(each) - 2))
    expect(prediction.divergenceFrom(its)).toBeCloseTo(expected, 6)
    const logits = logitsOf(5000)
    expect(new Prediction(logits).divergenceFrom(new Prediction(logits.slice()))).toBe(0)
    expect(new Prediction(Float32Array.of(-Infinity, 0)).divergenceFrom(new Prediction(Float32Array.of(0, 0)))).toBe(
      Math.LN2,
    )
  })

  it.each([
    [NaN, 1],
    [Infinity, 1],
    [-Infinity, -Infinity],
  ])('refuses %j, %j', (...values) => {
    expect(() => new Prediction(Float32Array.from(values))).toThrow('not finite')
  })
})
