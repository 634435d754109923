import { describe, expect, it } from 'vitest'
import { METRICS } from '../../trainer/evaluate/metrics'
import { comparedFigures, type Measured } from './comparedFigures'

const summary = (figures: object | null) => ({ figures }) as Measured['summary']
const evaluation = (figures: Record<string, number | null>) =>
  ({
    figures: Object.entries(figures).map(([name, heldOut]) => ({ ...METRICS[name as 'l0'], name, heldOut })),
  }) as unknown as Measured['evaluation']

const run = { tokens: 10, l0: 3, explainedVariance: 0.9, deadShare: 0.1, crossEntropyRecovered: null }

describe('figures side by side', () => {
  it('are those of both evaluations, the better ones marked by what each figure means', () => {
    const a = {
      summary: summary(null),
      evaluation: evaluation({ l0: 3, mse: 2, explainedVariance: 0.5, cosine: null }),
    }
    const b = { summary: summary(null), evaluation: evaluation({ l0: 4, mse: 1, explainedVariance: 0.5, cosine: 1 }) }
    expect(comparedFigures(a, b).map(({ name, better }) => [name, better])).toEqual([
      ...[
        ['l0', undefined],
        ['mse', 'b'],
        ['explainedVariance', undefined],
      ],
    ])
    expect(comparedFigures(b, a)[1]).toMatchObject({ a: 1, b: 2, better: 'a' })
  })

  it('never mix an evaluation with the end of a run', () => {
    const a = { summary: summary(run), evaluation: evaluation({ mse: 1, explainedVariance: 0.99 }) }
    const b = { summary: summary({ ...run, explainedVariance: 0.95, deadShare: 0.2 }), evaluation: undefined }
    expect(comparedFigures(a, b).map(({ name, a: of, better }) => [name, of, better])).toEqual([
      ...[
        ['tokens', 10, undefined],
        ['l0', 3, undefined],
        ['explainedVariance', 0.9, 'b'],
        ['deadShare', 0.1, 'a'],
      ],
    ])
    expect(comparedFigures(a, { summary: summary(null), evaluation: undefined })).toEqual([])
  })
})
