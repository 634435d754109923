import { resolve } from 'node:path'
import { z } from 'zod'
import { EvaluationOptions, evaluationSpec } from '../../lib/evaluations/start'
import type { Database } from '../../lib/db/connect'
import { requireDictionary, type DictionaryRow } from '../../lib/dictionaries/rows'
import { evaluateKind } from '../../lib/evaluations/job'
import { suiteKind } from '../../lib/evaluations/suiteJob'
import { runJob } from '../../lib/jobs/run'
import { writeSaeBench } from '../../lib/evaluations/saeBench'
import { SuiteOptions, suiteSpec } from '../../lib/evaluations/suite'
import { LoupeError } from '../../trainer/errors'
import type { SuiteResult } from '../../trainer/evaluate/suite/definition'
import { METRICS, type MetricName } from '../../trainer/evaluate/metrics'
import { defineCommand } from '../cli/command'
import type { Context } from '../cli/context'
import { formatTable } from '../cli/table'
import { renderSuite } from './evaluateSuite'

const { suite, ...suiteFields } = SuiteOptions.shape
const options = z.strictObject({
  dictionary: z.string().describe('name of a dictionary'),
  suite: suite.optional(),
  ...suiteFields,
  includeExcluded: EvaluationOptions.shape.includeExcluded,
  saebench: z
    .string()
    .min(1)
    .optional()
    .describe('folder for the newest results of core, sparse-probing and absorption as SAEBench’s files'),
})
type Options = z.output<typeof options>

export const evaluate = defineCommand({
  options,
  async run({ options: { dictionary, saebench, ...asked } }, context) {
    const database = await context.database()
    const row = await requireDictionary(database, dictionary)
    const measured = asked.suite
      ? await suiteRun(database, row, asked, context)
      : await plainRun(database, row, asked, context)
    const files = saebench === undefined ? undefined : await writeSaeBench(database, row, resolve(saebench))
    return { dictionary: row.name, ...measured, ...(files && { files }) }
  },
  render: ({ files, ...measured }) =>
    [
      'results' in measured ? renderSuite(measured.results) : renderMetrics(measured.metrics),
      `computed on ${measured.engine}`,
      ...(files ?? []),
    ].join('\n'),
})

export interface SuiteEvaluated {
  results: (SuiteResult & { name: string; seconds: number })[]
  engine: string
}

async function suiteRun(
  database: Database,
  row: DictionaryRow,
  asked: Omit<Options, 'dictionary' | 'saebench'>,
  context: Context,
) {
  const { includeExcluded, suite: names, ...settings } = asked
  if (includeExcluded) {
    throw new LoupeError('bad-usage', '--include-excluded is not for --suite', { remedy: 'leave one of them out' })
  }
  const labelled = settings.labelled === undefined ? {} : { labelled: resolve(settings.labelled) }
  const { harvest, spec, leftOut } = await suiteSpec(database, row, { ...settings, ...labelled, suite: names! })
  for (const line of leftOut) context.terminal.warn(line)
  const backend = await context.backend()
  const stage = context.terminal.stage('suite', 'tokens')
  const result = (await runJob(database, backend, suiteKind, spec, stage)) as SuiteEvaluated
  return { harvest: harvest.name, ...result, ...stage.end() }
}

async function plainRun(
  database: Database,
  row: DictionaryRow,
  asked: Omit<Options, 'dictionary' | 'saebench'>,
  context: Context,
) {
  const { harvest: wanted, tokens, includeExcluded, ...others } = asked
  const stray = Object.entries(others).find(([, value]) => value !== undefined)
  if (stray) {
    throw new LoupeError('bad-usage', `${stray[0]} is a setting of the suite`, {
      remedy: 'add --suite, e.g. --suite all',
    })
  }
  const options = EvaluationOptions.parse({ harvest: wanted, tokens, includeExcluded })
  const { harvest, spec } = await evaluationSpec(database, row, options)
  const backend = await context.backend()
  const stage = context.terminal.stage('evaluate', 'tokens')
  const result = (await runJob(database, backend, evaluateKind, spec, stage)) as Evaluated
  return { harvest: harvest.name, ...result, ...stage.end() }
}

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
