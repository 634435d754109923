import { describe, expect, it } from 'vitest'
import type { MeasuredDictionary } from '../../lib/catalog/schema'
import { METRICS, type MetricName } from '../../trainer/evaluate/metrics'
import { comparedFigures } from './comparedFigures'

const RUN = {
  source: 'run',
  heldOut: true,
  harvest: { id: 'h', name: 'h' },
  tokens: 10,
  l0: 3,
  deadShare: 0.1,
  explainedVariance: 0.9,
  explainedVarianceTokens: 8,
  crossEntropyRecovered: null,
  crossEntropyTokens: null,
  engine: 'cpu',
  measuredAt: '',
}
const summary = (figures: object | null) => ({ figures }) as MeasuredDictionary['summary']
const atEnd = (figures: object = {}): MeasuredDictionary => ({
  summary: summary({ ...RUN, ...figures }),
  evaluation: undefined,
})

function evaluated(figures: Record<string, number | null>, changes: object = {}): MeasuredDictionary {
  const about = { harvest: 'h', includeExcluded: false, crossEntropyTokens: 5, ...changes }
  const listed = Object.entries({ tokens: 10, ...figures }).map(([name, heldOut]) => ({
    ...METRICS[name as MetricName],
    name: name as MetricName,
    heldOut,
  }))
  return {
    // A dictionary that was evaluated has the figures of that evaluation in its summary too.
    summary: summary({ ...RUN, source: 'evaluation', ...figures }),
    evaluation: { id: 'e', createdAt: '', engine: 'cpu', ...about, figures: listed },
  }
}

const shown = (a: MeasuredDictionary, b: MeasuredDictionary) =>
  comparedFigures(a, b).map(({ name, difference, better }) => [name, difference, better])

describe('figures side by side', () => {
  it('are those of both evaluations, the better ones marked by what each figure means', () => {
    const a = evaluated({ l0: 3, mse: 2, explainedVariance: 0.5, cosine: null })
    const b = evaluated({ l0: 4, mse: 1, explainedVariance: 0.5, cosine: 1 })
    expect(shown(a, b)).toEqual([
      ['tokens', 0, undefined],
      ['l0', 1, undefined],
      ['mse', -1, 'b'],
      ['explainedVariance', 0, undefined],
    ])
    expect(comparedFigures(b, a)[2]).toMatchObject({ a: 1, b: 2, better: 'a' })
  })

  it('of one evaluation and one end of a run are shown without a winner', () => {
    const a = evaluated({ l0: 3, explainedVariance: 0.99, deadShare: 0.05 })
    expect(comparedFigures(a, atEnd()).map((figure) => [figure.name, figure.a, figure.b])).toEqual([
      ['tokens', 10, 10],
      ['l0', 3, 3],
      ['explainedVariance', 0.99, 0.9],
      ['deadShare', 0.05, 0.1],
    ])
    for (const [, difference, better] of shown(a, atEnd())) expect([difference, better]).toEqual([null, undefined])
    expect(comparedFigures(a, { summary: summary(null), evaluation: undefined })).toEqual([])
  })

  it('compare where harvest and tokens are the same, each figure by its own tokens', () => {
    const better = (a: MeasuredDictionary, b: MeasuredDictionary) =>
      comparedFigures(a, b).flatMap((each) => (each.better ? each.name : []))
    expect(better(atEnd(), atEnd({ explainedVariance: 1, deadShare: 0 }))).toEqual(['explainedVariance', 'deadShare'])
    const fewer = atEnd({ explainedVariance: 1, deadShare: 0, tokens: 9 })
    expect(better(atEnd(), fewer)).toEqual(['explainedVariance'])
    expect(better(atEnd(), atEnd({ explainedVariance: 1, deadShare: 0, harvest: { id: 'other' } }))).toEqual([])
    const figures = { mse: 1, crossEntropyRecovered: 0.9 }
    const others = { mse: 2, crossEntropyRecovered: 0.8 }
    expect(better(evaluated(figures), evaluated(others))).toEqual(['mse', 'crossEntropyRecovered'])
    expect(better(evaluated(figures), evaluated(others, { crossEntropyTokens: 6 }))).toEqual(['mse'])
    expect(better(evaluated(figures), evaluated(others, { harvest: 'other' }))).toEqual([])
    expect(better(evaluated(figures, { harvest: null }), evaluated(others, { harvest: null }))).toEqual([])
  })
})
