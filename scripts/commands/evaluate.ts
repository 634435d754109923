/** `loupe evaluate`. Its work is loaded when it runs. */
import type { CoreMetrics } from '../../lib/evaluations/kinds'
import { METRICS, type MetricName } from '../../trainer/evaluate/metrics'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'
import { evaluateOptions } from './evaluateOptions'
import { renderSuite } from './evaluateSuite'

export const evaluate = defineCommand({
  options: evaluateOptions,
  async run({ options }, context) {
    const { runEvaluate } = await import('./evaluateRun')
    return runEvaluate(options, context)
  },
  render: ({ files, ...measured }) =>
    [
      'results' in measured ? renderSuite(measured.results) : renderMetrics(measured.metrics),
      `computed on ${measured.engine}`,
      ...(files ?? []),
    ].join('\n'),
})

export function renderMetrics({ heldOut = {}, training = {}, crossEntropy = {} }: CoreMetrics): string {
  const names = (Object.keys(METRICS) as MetricName[]).filter((name) => name in heldOut || name in crossEntropy)
  const show = (value: number | null | undefined) =>
    value === undefined ? '' : value === null ? 'undefined' : Number.isInteger(value) ? String(value) : value.toFixed(4)
  return formatTable(
    ['figure', 'held out', 'training', 'formula'],
    names.map((name) => [
      METRICS[name].label,
      show(heldOut[name] ?? crossEntropy[name]),
      show(training[name]),
      METRICS[name].formula,
    ]),
  )
}
