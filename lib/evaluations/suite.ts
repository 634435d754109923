/** The suite beyond reconstruction: what can be asked for, and putting it into the queue. */
import { z } from 'zod'
import type { SuiteDefinition } from '../../trainer/evaluate/suite/definition'
import { SUITE, SUITE_NAMES, type SuiteName } from '../../trainer/evaluate/suite'
import { LoupeError } from '../../trainer/errors'
import { differences, isTranscoder } from '../dictionaries/site'
import type { Database } from '../db/connect'
import { requireDictionary, requireAttached, type DictionaryRow } from '../dictionaries/rows'
import { harvestOf } from '../harvests/rows'
import { logJob } from '../jobs/log'
import { submitJob } from '../jobs/run'
import { suiteJob } from '../jobs/specs'

/** Kind of the evaluation's row: `core` is what an evaluation without a suite leaves. */
export const suiteKindOf = (name: string) => (name === 'core' ? 'core-categories' : name)

/** Settings of every part, each optional: what is absent has the default of its part. */
export const SuiteSettings = z.strictObject({
  ...optional(SUITE.core.settings.shape),
  ...optional(SUITE['sparse-probing'].settings.shape),
  ...optional(SUITE.absorption.settings.shape),
  ...optional(SUITE.influence.settings.shape),
})

export const SuiteOptions = z.strictObject({
  suite: z
    .array(z.enum(['all', ...SUITE_NAMES]))
    .min(1)
    .describe('what is measured: one or more, or all'),
  harvest: z.string().optional().describe('harvest with the held-out text; default the one it was trained on'),
  control: z.string().optional().describe('dictionary of the same model and hook to compare the influence with'),
  ...SuiteSettings.shape,
})

export type SuiteRequest = z.output<typeof SuiteOptions>

/** Keeps the descriptions, which say the defaults. */
function optional<Shape extends Record<string, z.ZodType>>(
  shape: Shape,
): { [Name in keyof Shape]: z.ZodOptional<z.ZodType<z.output<Shape[Name]>>> } {
  const fields = Object.entries(shape).map(([name, field]) => {
    const standard = field instanceof z.ZodDefault ? ` (default ${JSON.stringify(field.def.defaultValue)})` : ''
    const bare = field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field
    return [name, bare.optional().describe(`${field.description ?? ''}${standard}`)]
  })
  return Object.fromEntries(fields) as { [Name in keyof Shape]: z.ZodOptional<z.ZodType<z.output<Shape[Name]>>> }
}

/** Parts that a dictionary cannot be measured by, with the reason. */
export function unfitParts(row: Pick<DictionaryRow, 'config'>): { name: SuiteName; label: string; why: string }[] {
  if (!isTranscoder(row)) return []
  return SUITE_NAMES.flatMap((name) => {
    const { label, needsOwnHook: why }: SuiteDefinition = SUITE[name]
    return why === undefined ? [] : [{ name, label, why }]
  })
}

/**
 * What the job is asked for, with harvest and control looked up, and what `all` leaves out, in words.
 * @throws LoupeError for a part that the dictionary cannot be measured by, a setting of a part that was not asked for,
 * and a control that reads or writes elsewhere
 */
export async function suiteSpec(database: Database, row: DictionaryRow, request: SuiteRequest) {
  const { suite: asked, harvest, control, ...given } = request
  requireAttached(row)
  const wanted = asked.includes('all') ? SUITE_NAMES : SUITE_NAMES.filter((name) => asked.includes(name))
  refuseStray(wanted, given)
  const unfit = unfitParts(row).filter(({ name }) => wanted.includes(name))
  if (unfit[0] && !asked.includes('all')) {
    throw new LoupeError('unsupported', `${row.name} cannot be measured by ${unfit[0].name}: ${unfit[0].why}`, {
      remedy: 'leave it out; "all" measures what fits',
    })
  }
  const names = wanted.filter((name) => !unfit.some((each) => each.name === name))
  const found = await harvestOf(database, row, harvest)
  const other = control === undefined ? undefined : await requireDictionary(database, control)
  if (other) {
    requireSamePlace(row, other)
    if (!names.includes('influence')) {
      throw new LoupeError('bad-usage', 'a control is compared in influence alone', { remedy: 'add influence' })
    }
  }
  const suite = names.map((name) => ({ name, settings: settingsOf(name, given) }))
  const spec = { dictionary: row.id, harvest: found.id, control: other?.id ?? null, suite }
  return { harvest: found, spec, leftOut: unfit.map(({ label, why }) => `${label} is left out: ${why}`) }
}

function settingsOf(name: SuiteName, given: Record<string, unknown>): Record<string, unknown> {
  const { settings } = SUITE[name]
  const own = Object.keys(settings.shape).filter((key) => given[key] !== undefined)
  return settings.parse(Object.fromEntries(own.map((key) => [key, given[key]])))
}

function refuseStray(names: readonly SuiteName[], given: Record<string, unknown>): void {
  const known = new Set(names.flatMap((name) => Object.keys(SUITE[name].settings.shape)))
  const stray = Object.keys(given).find((key) => given[key] !== undefined && !known.has(key))
  if (stray === undefined) return
  const owners = SUITE_NAMES.filter((name) => stray in SUITE[name].settings.shape)
  throw new LoupeError('bad-usage', `${stray} is a setting of ${owners.join(', ')}, which is not asked for`, {
    remedy: `leave it out, or ask for ${owners.join(' or ')} too`,
  })
}

function requireSamePlace(row: DictionaryRow, other: DictionaryRow): void {
  requireAttached(other)
  const [a, b] = [row, other].map((each) => ({ ...each, model: each.modelId }))
  const [found] = differences(a!, b!)
  if (!found) return
  throw new LoupeError(
    'mismatch',
    `${found.what} differs: ${found.a} of ${row.name}, ${found.b} of its control ${other.name}`,
    { remedy: 'a control is a dictionary of the same model and hook' },
  )
}

/** Puts the suite into the queue; returns the job. */
export async function startSuite(database: Database, row: DictionaryRow, request: SuiteRequest): Promise<string> {
  const { spec, leftOut } = await suiteSpec(database, row, request)
  const job = await submitJob(database, suiteJob, spec)
  for (const line of leftOut) await logJob(database, job, 'warning', line)
  return job
}
