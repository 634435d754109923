/** The kinds of rows in the table `evaluation`, and the shape that each of them stores. */
import { z } from 'zod'
import { SUITE_NAMES, type SuiteName } from '../../trainer/evaluate/suite'

/** `core`: `loupe evaluate`; then the parts of the suite; `run`: the report of a run; `compare`: two dictionaries. */
export const EVALUATION_KINDS = [
  'core',
  'core-categories',
  'sparse-probing',
  'absorption',
  'influence',
  'run',
  'compare',
] as const
export type EvaluationKind = (typeof EVALUATION_KINDS)[number]

/** The kind under which a part of the suite is stored: `core` is what an evaluation without a suite leaves. */
export function suiteKindOf(name: SuiteName): EvaluationKind {
  return name === 'core' ? 'core-categories' : name
}

export const SUITE_KINDS = SUITE_NAMES.map(suiteKindOf)

/** Figures by their name in `METRICS`; null where the data leaves a ratio undefined. */
export const Figures = z.record(z.string(), z.number().nullable())
export type Figures = z.output<typeof Figures>

const column = (what: string) => z.array(z.number()).describe(what)

/** Single tokens as an evaluation stores them: a column for each figure, all of one length. */
export const TokenSample = z.strictObject({
  l0: column('Active latents'),
  norm: column('‖x‖ in raw units'),
  crossEntropy: column('−log p of the next token by the untouched model, nats'),
})

/** `config` of a `core` row. Rows of the suite also hold its settings. */
export const CoreConfig = z.looseObject({
  /** Id of the harvest it was measured on. */
  harvest: z.string().optional(),
  /** Whether first positions and attention sinks were spliced and counted too. */
  includeExcluded: z.boolean().optional(),
})
export type CoreConfig = z.output<typeof CoreConfig>

/** `metrics` of a `core` row. */
export const CoreMetrics = z.looseObject({
  heldOut: Figures.optional(),
  training: Figures.optional(),
  crossEntropy: Figures.optional(),
  /** A `TokenSample`; older rows have none. Thousands of numbers, so only the page that shows it parses it. */
  sample: z.unknown().optional(),
})
export type CoreMetrics = z.output<typeof CoreMetrics>

/** `config` of a row of the suite. */
export const SuiteConfig = z.looseObject({
  /** Id of the harvest it was measured on. */
  harvest: z.string(),
  /** Name of the dictionary compared with. */
  control: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  seconds: z.number(),
})
export type SuiteConfig = z.output<typeof SuiteConfig>

const Interval = z.strictObject({
  value: z.number().describe('Measured on all data'),
  low: z.number().describe('2.5th percentile of the bootstrap'),
  high: z.number().describe('97.5th percentile of the bootstrap'),
})

const Cell = z.union([z.string(), z.number(), Interval, z.null()])

/** A row of a table of the suite: cells by the name of the column; null where a figure is not defined. */
export const SuiteRow = z.record(z.string(), Cell)

/** JSON stores NaN and infinity as null: an interval that lacks one of its ends becomes its value alone. */
const OpenInterval = z
  .record(z.enum(['value', 'low', 'high']), z.number().nullable())
  .transform(({ value }): z.output<typeof Cell> => value)
const StoredRow = z.record(z.string(), z.union([Cell, OpenInterval]))

/** `metrics` of a row of the suite. */
export const SuiteMetrics = z.object({
  /** What was measured on, and what was left out, in words. */
  notes: z.array(z.string()),
  /** Rows by the name of the table. */
  tables: z.record(z.string(), z.array(StoredRow)),
  /** `[d_sae]` figures of every latent, for files of SAEBench; pages read the row without them. */
  latents: z.record(z.string(), z.array(z.number().nullable())).optional(),
})
export type SuiteMetrics = z.output<typeof SuiteMetrics>

/** The best match of every feature of one dictionary among those of another, `[d_sae]`. */
const Matches = z.strictObject({ feature: z.array(z.int()), cosine: z.array(z.number()) })
export type Matches = z.output<typeof Matches>

/** `config` of a `compare` row, which belongs to the first dictionary. */
export const CompareConfig = z.strictObject({
  /** Id of the second dictionary. */
  other: z.string(),
})
export type CompareConfig = z.output<typeof CompareConfig>

/** `metrics` of a `compare` row. */
export const CompareMetrics = z.strictObject({ ofA: Matches, ofB: Matches })
export type CompareMetrics = z.output<typeof CompareMetrics>
