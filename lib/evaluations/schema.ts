/** Evaluations: what they measure, their options, the jobs that compute them, and what pages and the API show. */
import { z } from 'zod'
import { METRICS, type MetricName } from '../../trainer/evaluate/metrics'
import { SUITE, SUITE_NAMES } from '../../trainer/evaluate/suite'
import { timestamp } from '../base/fields'
import type { JobDescription } from '../jobs/schema'
import { CoreMetrics, SuiteMetrics, SuiteRow, TokenSample } from './kinds'

const METRIC_NAMES = Object.keys(METRICS) as MetricName[]
const Direction = z.enum(['up', 'down', 'none']).describe('Which way is better')

const Column = z.strictObject({
  label: z.string().describe('Name for people'),
  formula: z.string().describe('What the figure is'),
  unit: z.string().describe('Empty where it has none'),
  direction: Direction,
  isText: z.boolean().optional().describe('True for columns of words'),
})

export const SuiteTable = z.strictObject({
  name: z.string().describe('Name of the table'),
  title: z.string().describe('Title for people'),
  columns: z.record(z.string(), Column).describe('Columns in order'),
  isDetail: z.boolean().optional().describe('True for tables that are long'),
  rows: z.array(SuiteRow).describe('Cells by column; null where a figure is not defined'),
})
export type SuiteTable = z.output<typeof SuiteTable>

export const SuiteRecord = z.strictObject({
  id: z.string().describe('Id of the evaluation'),
  name: z.enum(SUITE_NAMES).describe('Part of the suite'),
  label: z.string().describe('Name for people'),
  summary: z.string().describe('What it measures'),
  source: z.strictObject({
    text: z.string().describe('Authors and year'),
    href: z.string().describe('Address of the paper'),
  }),
  caveat: z.string().nullable().describe('What a reader must know to judge the figures'),
  measuredOn: z.string().describe('What the figures come from, in words that the name of the harvest follows'),
  createdAt: timestamp('When it was measured'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  device: z.string().describe('cpu or cuda'),
  harvest: z.string().nullable().describe('Name of the harvest measured on; null when it was deleted'),
  control: z.string().nullable().describe('Name of the dictionary compared with'),
  settings: z.record(z.string(), z.unknown()).describe('Sizes, choices and seed'),
  seconds: z.number().describe('Seconds of computing, over all parts'),
  notes: z.array(z.string()).describe('What was measured on, and what was left out'),
  tables: z.array(SuiteTable).describe('The figures'),
})
export type SuiteRecord = z.output<typeof SuiteRecord>

export const EvaluationFigure = z.strictObject({
  name: z.enum(METRIC_NAMES).describe('Name of the figure'),
  label: z.string().describe('Name for people'),
  formula: z.string().describe('What the figure is'),
  unit: z.string().describe('Empty where it has none'),
  direction: Direction,
  heldOut: z
    .number()
    .nullable()
    .optional()
    .describe('On held-out tokens, or over the whole measurement of the cross-entropy; null where it is not defined'),
  training: z.number().nullable().optional().describe('On as many training tokens; absent where it was not measured'),
})
export type EvaluationFigure = z.output<typeof EvaluationFigure>

export const EvaluationRecord = z.strictObject({
  id: z.string().describe('Id of the evaluation'),
  createdAt: timestamp('When it was measured'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  harvest: z.string().nullable().describe('Name of the harvest measured on; null when it was deleted'),
  includeExcluded: z.boolean().describe('Whether first positions and attention sinks were spliced and counted too'),
  crossEntropyTokens: z.number().nullable().describe('Predictions of the cross-entropy'),
  figures: z.array(EvaluationFigure).describe('In the order of the table of metrics'),
})
export type EvaluationRecord = z.output<typeof EvaluationRecord>

const harvest = z.string().optional()

export const EvaluationOptions = z.strictObject({
  harvest: harvest.describe('harvest to measure on; default the one it was trained on'),
  tokens: z.int().positive().default(8192).describe('held-out tokens of the cross-entropy triple'),
  includeExcluded: z
    .boolean()
    .default(false)
    .describe('splice and count first positions and attention sinks too, to see their effect on the figures'),
})
export type EvaluationOptions = z.output<typeof EvaluationOptions>

/** Settings of every part, each optional: a part uses its default for an absent one. */
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
  harvest: harvest.describe('harvest with the held-out text; default the one it was trained on'),
  control: z.string().optional().describe('dictionary of the same model and hook to compare the influence with'),
  ...SuiteSettings.shape,
})
export type SuiteOptions = z.output<typeof SuiteOptions>

/** Keeps the descriptions, and adds the defaults to them. */
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

/** Job `evaluate`, as the queue knows it. Its progress counts tokens of the cross-entropy, which takes nearly all the time. */
export const evaluateJob = {
  name: 'evaluate',
  unit: 'tokens',
  source: 'lib/evaluations/job.ts',
  schema: z.strictObject({
    dictionary: z.uuid().describe('id of the dictionary'),
    harvest: z.uuid().describe('id of the harvest to measure on'),
    tokens: z.int().positive().describe('held-out tokens of the cross-entropy triple'),
    includeExcluded: z.boolean().describe('count first positions and attention sinks too'),
  }),
} satisfies JobDescription

/** What the job returns: the stored figures without single tokens. */
export const EvaluationResult = z.strictObject({ metrics: CoreMetrics, engine: z.string() })
export type EvaluationResult = z.output<typeof EvaluationResult>

/** What the job `suite` returns: the figures of every part without those of single latents. */
export const SuiteJobResult = z.strictObject({
  engine: z.string(),
  results: z.array(SuiteMetrics.omit({ latents: true }).extend({ name: z.enum(SUITE_NAMES), seconds: z.number() })),
})
export type SuiteJobResult = z.output<typeof SuiteJobResult>

/** Job `suite`, as the queue knows it. */
export const suiteJob = {
  name: 'suite',
  unit: 'tokens',
  source: 'lib/evaluations/suiteJob.ts',
  schema: z.strictObject({
    dictionary: z.uuid().describe('id of the dictionary'),
    harvest: z.uuid().describe('id of the harvest whose held-out text is used'),
    control: z.uuid().nullable().describe('id of a dictionary to compare with'),
    suite: z
      .array(z.strictObject({ name: z.enum(SUITE_NAMES), settings: z.record(z.string(), z.unknown()) }))
      .min(1)
      .describe('what is measured, with its settings'),
  }),
} satisfies JobDescription

const pearson = (what: string) => z.number().nullable().describe(`Pearson’s r of ${what}; null where one does not vary`)

export const MeasuredSample = z.strictObject({
  ...TokenSample.shape,
  l0CrossEntropyCorrelation: pearson('L0 and cross-entropy'),
  l0NormCorrelation: pearson('L0 and norm'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  measuredAt: timestamp('When it was measured'),
})
export type MeasuredSample = z.output<typeof MeasuredSample>
