/** Starts the measurements of a dictionary: a plain evaluation, or the suite. */
import type { z } from 'zod'
import { SUITE, SUITE_NAMES, type SuiteName } from '../../trainer/evaluate/suite'
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'
import { harvestOf } from '../dictionaries/measured'
import { requireAttached, requireDictionary, type DictionaryRow } from '../dictionaries/rows'
import { differences } from '../../trainer/sae/dictionary/site'
import { logJob } from '../jobs/log'
import { submitJob } from '../jobs/queue'
import { evaluateJob, EvaluationOptions, suiteJob, type SuiteOptions } from './schema'
import { unfitParts } from './suite'

/** The job's spec, with the harvest read from the database. */
export async function evaluationSpec(
  database: Database,
  row: DictionaryRow,
  { harvest: nameOrId, ...options }: EvaluationOptions,
): Promise<{ harvest: Harvest; spec: z.output<typeof evaluateJob.schema> }> {
  requireAttached(row)
  const harvest = await harvestOf(database, row, nameOrId)
  return { harvest, spec: { dictionary: row.id, harvest: harvest.id, ...options } }
}

/** Puts the evaluation of a dictionary into the queue; returns the id of the job. */
export async function startEvaluation(
  database: Database,
  row: DictionaryRow,
  options: z.input<typeof EvaluationOptions> = {},
): Promise<string> {
  const { spec } = await evaluationSpec(database, row, EvaluationOptions.parse(options))
  return submitJob(database, evaluateJob, spec)
}

/**
 * The job's spec, with harvest and control read from the database; and in words what `all` leaves out.
 * @throws LoupeError for a part that the dictionary cannot be measured by, for a setting of a part that is not measured,
 * and for a control that reads or writes elsewhere
 */
export async function suiteSpec(
  database: Database,
  row: DictionaryRow,
  { suite: wanted, harvest: nameOrId, control, ...settings }: SuiteOptions,
): Promise<{ harvest: Harvest; spec: z.output<typeof suiteJob.schema>; leftOut: string[] }> {
  requireAttached(row)
  const isAll = wanted.includes('all')
  const parts = isAll ? SUITE_NAMES : SUITE_NAMES.filter((name) => wanted.includes(name))
  refuseStray(parts, settings)
  const unfit = unfitParts(row).filter(({ name }) => parts.includes(name))
  if (unfit[0] && !isAll) {
    throw new LoupeError('unsupported', `${row.name} cannot be measured by ${unfit[0].name}: ${unfit[0].why}`, {
      remedy: 'leave it out; "all" measures what fits',
    })
  }
  const names = parts.filter((name) => !unfit.some((each) => each.name === name))
  const harvest = await harvestOf(database, row, nameOrId)
  const other = control === undefined ? undefined : await requireControl(database, row, control, names)
  const suite = names.map((name) => ({ name, settings: settingsOf(name, settings) }))
  return {
    harvest,
    spec: { dictionary: row.id, harvest: harvest.id, control: other?.id ?? null, suite },
    leftOut: unfit.map(({ label, why }) => `${label} is left out: ${why}`),
  }
}

/** Puts the suite into the queue; returns the id of the job. */
export async function startSuite(database: Database, row: DictionaryRow, options: SuiteOptions): Promise<string> {
  const { spec, leftOut } = await suiteSpec(database, row, options)
  const job = await submitJob(database, suiteJob, spec)
  for (const line of leftOut) await logJob(database, job, 'warning', line)
  return job
}

function settingsOf(name: SuiteName, all: Record<string, unknown>): Record<string, unknown> {
  const { settings } = SUITE[name]
  const keys = Object.keys(settings.shape).filter((key) => all[key] !== undefined)
  return settings.parse(Object.fromEntries(keys.map((key) => [key, all[key]])))
}

function refuseStray(names: readonly SuiteName[], settings: Record<string, unknown>): void {
  const known = new Set(names.flatMap((name) => Object.keys(SUITE[name].settings.shape)))
  const stray = Object.keys(settings).find((key) => settings[key] !== undefined && !known.has(key))
  if (stray === undefined) return
  const owners = SUITE_NAMES.filter((name) => stray in SUITE[name].settings.shape)
  throw new LoupeError('bad-usage', `${stray} is a setting of ${owners.join(', ')}, which is not measured here`, {
    remedy: `leave it out, or add ${owners.join(' or ')}`,
  })
}

async function requireControl(
  database: Database,
  row: DictionaryRow,
  nameOrId: string,
  parts: readonly SuiteName[],
): Promise<DictionaryRow> {
  const control = await requireDictionary(database, nameOrId)
  requireAttached(control)
  const [difference] = differences({ ...row, model: row.modelId }, { ...control, model: control.modelId })
  if (difference) {
    const { what, a, b } = difference
    throw new LoupeError('mismatch', `${what} differs: ${a} of ${row.name}, ${b} of its control ${control.name}`, {
      remedy: 'choose a control of the same model and hook',
    })
  }
  if (parts.includes('influence')) return control
  throw new LoupeError('bad-usage', 'only influence compares with a control', { remedy: 'add influence' })
}
