/** The work of `loupe evaluate`: a plain evaluation of a dictionary, or the suite. */
import { resolve } from 'node:path'
import type { Database } from '../../lib/db/connect'
import { requireDictionary, type DictionaryRow } from '../../lib/dictionaries/rows'
import { evaluateKind } from '../../lib/evaluations/job'
import { writeSaeBench } from '../../lib/evaluations/saeBench'
import { EvaluationOptions, EvaluationResult, SuiteJobResult } from '../../lib/evaluations/schema'
import { evaluationSpec, suiteSpec } from '../../lib/evaluations/start'
import { suiteKind } from '../../lib/evaluations/suiteJob'
import { runJob } from '../../lib/jobs/run'
import { LoupeError } from '../../trainer/errors'
import type { Context } from '../cli/context'
import type { EvaluateOptions } from './evaluateOptions'

type MeasureOptions = Omit<EvaluateOptions, 'dictionary' | 'saebench'>

export async function runEvaluate({ dictionary, saebench, ...options }: EvaluateOptions, context: Context) {
  const database = await context.database()
  const row = await requireDictionary(database, dictionary)
  const measured = options.suite
    ? await suiteRun(database, row, options, context)
    : await plainRun(database, row, options, context)
  const files = saebench === undefined ? undefined : await writeSaeBench(database, row, resolve(saebench))
  return { dictionary: row.name, ...measured, ...(files && { files }) }
}

async function suiteRun(
  database: Database,
  row: DictionaryRow,
  { includeExcluded, suite: names, ...settings }: MeasureOptions,
  context: Context,
) {
  if (includeExcluded) {
    throw new LoupeError('bad-usage', '--include-excluded is not for --suite', { remedy: 'leave one of them out' })
  }
  const labelled = settings.labelled === undefined ? {} : { labelled: resolve(settings.labelled) }
  const { harvest, spec, leftOut } = await suiteSpec(database, row, { ...settings, ...labelled, suite: names! })
  for (const line of leftOut) context.terminal.warn(line)
  const backend = await context.backend()
  const stage = context.terminal.stage('suite', 'tokens')
  const result = SuiteJobResult.parse(await runJob(database, backend, suiteKind, spec, stage))
  return { harvest: harvest.name, ...result, ...stage.end() }
}

async function plainRun(
  database: Database,
  row: DictionaryRow,
  { harvest: nameOrId, tokens, includeExcluded, ...others }: MeasureOptions,
  context: Context,
) {
  const stray = Object.entries(others).find(([, value]) => value !== undefined)
  if (stray) {
    throw new LoupeError('bad-usage', `${stray[0]} is a setting of the suite`, {
      remedy: 'add --suite, e.g. --suite all',
    })
  }
  const options = EvaluationOptions.parse({ harvest: nameOrId, tokens, includeExcluded })
  const { harvest, spec } = await evaluationSpec(database, row, options)
  const backend = await context.backend()
  const stage = context.terminal.stage('evaluate', 'tokens')
  const result = EvaluationResult.parse(await runJob(database, backend, evaluateKind, spec, stage))
  return { harvest: harvest.name, ...result, ...stage.end() }
}
