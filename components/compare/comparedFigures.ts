/** The figures of two dictionaries side by side. */
import type { DictionarySummary } from '../../lib/dictionarySummaries'
import type { EvaluationRecord } from '../../lib/evaluations'
import { METRICS, type Metric, type MetricName } from '../../trainer/evaluate/metrics'

export interface Measured {
  summary: DictionarySummary
  /** The newest one. */
  evaluation: EvaluationRecord | undefined
}

export interface ComparedFigure extends Metric {
  name: MetricName
  a: number
  b: number
  /** Undefined where more is neither better nor worse, and for equal ones. */
  better: 'a' | 'b' | undefined
}

/**
 * What both were measured by: every figure of their evaluations, or the few that any dictionary has, so that figures
 * of an evaluation never stand beside those of a run's end.
 */
export function comparedFigures(a: Measured, b: Measured): ComparedFigure[] {
  const evaluated = a.evaluation && b.evaluation
  const [ofA, ofB] = [a, b].map((side) => (evaluated ? ofEvaluation(side.evaluation!) : ofSummary(side.summary)))
  return (Object.keys(METRICS) as MetricName[]).flatMap((name) => {
    const [valueA, valueB] = [ofA![name], ofB![name]]
    if (valueA === undefined || valueB === undefined) return []
    return [{ ...METRICS[name], name, a: valueA, b: valueB, better: betterOf(METRICS[name], valueA, valueB) }]
  })
}

type Values = Partial<Record<MetricName, number>>

function ofEvaluation({ figures }: EvaluationRecord): Values {
  return Object.fromEntries(
    figures.flatMap(({ name, heldOut }) => (typeof heldOut === 'number' ? [[name, heldOut]] : [])),
  )
}

function ofSummary({ figures }: DictionarySummary): Values {
  const { tokens, l0, explainedVariance, deadShare } = figures ?? {}
  const entries = Object.entries({ tokens, l0, explainedVariance, deadShare })
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'number'))
}

function betterOf({ direction }: Metric, a: number, b: number): ComparedFigure['better'] {
  if (direction === 'none' || a === b) return undefined
  return a > b === (direction === 'up') ? 'a' : 'b'
}
