import { z } from 'zod'
import { EvaluationOptions, evaluationSpec } from '../../lib/analyses'
import { requireDictionary } from '../../lib/dictionaries'
import { evaluateKind } from '../../lib/jobs/kinds/evaluate'
import { runJob } from '../../lib/jobs/run'
import { METRICS, type MetricName } from '../../trainer/evaluate/metrics'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'

export const evaluate = defineCommand({
  name: 'evaluate',
  summary: 'reconstruction on held-out and training tokens, and the cross-entropy with the reconstruction spliced in',
  options: z.strictObject({
    dictionary: z.string().describe('name of a dictionary'),
    ...EvaluationOptions.shape,
  }),
  async run({ options: { dictionary, ...options } }, context) {
    const database = await context.database()
    const row = await requireDictionary(database, dictionary)
    const { harvest, spec } = await evaluationSpec(database, row, options)
    const backend = await context.backend()
    const stage = context.terminal.stage('evaluate', 'tokens')
    const result = await runJob(database, backend, evaluateKind, spec, stage)
    return { dictionary: row.name, harvest: harvest.name, ...(result as Evaluated), ...stage.end() }
  },
  render: ({ metrics, engine }) => `${renderMetrics(metrics)}\ncomputed on ${engine}`,
})

type Figures = Partial<Record<MetricName, number | null>>
export interface Evaluated {
  metrics: { heldOut: Figures; training: Figures; crossEntropy: Figures }
  engine: string
}

export function renderMetrics({ heldOut, training, crossEntropy }: Evaluated['metrics']): string {
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
