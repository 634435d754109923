/** The figures of two dictionaries side by side. */
import type { DictionarySummary, MeasuredDictionary } from '../../lib/catalog/schema'
import type { EvaluationRecord } from '../../lib/evaluations/schema'
import { METRICS, type Metric, type MetricName } from '../../trainer/evaluate/metrics'

export interface ComparedFigure extends Metric {
  name: MetricName
  a: number
  b: number
  /** B − A; null where the two were not measured in the same way. */
  difference: number | null
  /** Undefined where more is neither better nor worse, for equal figures, and where they do not compare. */
  better: 'a' | 'b' | undefined
}

/**
 * Every figure of both evaluations, or the few that any dictionary has. Figures compare where kind of measurement,
 * harvest and number of tokens are the same.
 */
export function comparedFigures(a: MeasuredDictionary, b: MeasuredDictionary): ComparedFigure[] {
  const isEvaluated = a.evaluation && b.evaluation
  const [ofA, ofB] = [a, b].map((side) => (isEvaluated ? ofEvaluation(side.evaluation!) : ofSummary(side.summary)))
  return (Object.keys(METRICS) as MetricName[]).flatMap((name) => {
    const [figureA, figureB] = [ofA![name], ofB![name]]
    if (!figureA || !figureB) return []
    const [valueA, valueB] = [figureA.value, figureB.value]
    const isComparable = figureA.on !== null && figureA.on === figureB.on
    return [
      {
        ...METRICS[name],
        name,
        a: valueA,
        b: valueB,
        difference: isComparable ? valueB - valueA : null,
        better: isComparable ? betterOf(METRICS[name], valueA, valueB) : undefined,
      },
    ]
  })
}

interface Figure {
  value: number
  /** What it was measured on, the same text for the same; null where that is not known. */
  on: string | null
}
type Figures = Partial<Record<MetricName, Figure | undefined>>

const OF_CROSS_ENTROPY = /^(crossEntropy|kl)/

function ofEvaluation({ figures, harvest, crossEntropyTokens }: EvaluationRecord): Figures {
  const tokens = figures.find(({ name }) => name === 'tokens')?.heldOut ?? null
  const measuredOn = (count: number | null) => (harvest === null || count === null ? null : `${harvest}, ${count}`)
  return Object.fromEntries(
    figures.flatMap(({ name, heldOut }) =>
      typeof heldOut === 'number'
        ? [[name, { value: heldOut, on: measuredOn(OF_CROSS_ENTROPY.test(name) ? crossEntropyTokens : tokens) }]]
        : [],
    ),
  )
}

function ofSummary({ figures }: DictionarySummary): Figures {
  if (!figures) return {}
  const { source, heldOut, harvest, tokens, l0, explainedVariance, explainedVarianceTokens, deadShare } = figures
  const measuredOn = (count: number) =>
    harvest && `${source}, ${harvest.id}, ${count} ${heldOut ? 'held-out' : 'training'}`
  const figure = (value: number | null, on: number): Figure | undefined =>
    value === null ? undefined : { value, on: measuredOn(on) }
  return {
    tokens: figure(tokens, tokens),
    l0: figure(l0, tokens),
    deadShare: figure(deadShare, tokens),
    explainedVariance: figure(explainedVariance, explainedVarianceTokens),
  }
}

function betterOf({ direction }: Metric, a: number, b: number): ComparedFigure['better'] {
  if (direction === 'none' || a === b) return undefined
  return a > b === (direction === 'up') ? 'a' : 'b'
}
