import { describe, expect, it } from 'vitest'
import { gradientSeries } from './GradientPairs'
import { whyNone } from './RunFigures'
import { lawAt } from './zipfLine'

it('the fitted law is drawn with its offset and scale', () => {
  const law = { exponent: 2, offset: 3, scale: 0.8 }
  expect(lawAt(law, 1)).toBeCloseTo(0.05, 12)
  expect(lawAt(law, 5)).toBeCloseTo(0.0125, 12)
})

it('a run on a harvest without held-out tokens says that it is never measured', () => {
  expect(whyNone(false, true)).toMatch(/^Not measured/)
  expect(whyNone(false, false)).toMatch(/^Not measured/)
  expect(whyNone(true, true)).toMatch(/^Not measured yet/)
})

describe('pairs of a gradient dictionary', () => {
  it('are grouped by what selected them', () => {
    const series = gradientSeries({ activation: [1, 2, 3], effect: [4, 5, 6], swapped: [false, true, false] })
    expect(series.map(({ x, y }) => [x, y])).toEqual([
      [
        [1, 3],
        [4, 6],
      ],
      [[2], [5]],
    ])
  })
})
