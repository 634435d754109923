/** Dictionaries as lists and pages show them: what they are, how good they are, what is known of their features. */
import { z } from 'zod'
import { Named, Status, timestamp } from '../base/fields'
import type { DictionarySite } from '../../trainer/sae/dictionary/site'
import type { EvaluationRecord } from '../evaluations/schema'
import { FeatureSummary } from '../features/schema'

const named = (what: string) =>
  z.strictObject({ id: z.string().describe(`Id of the ${what}`), name: z.string().describe(`Name of the ${what}`) })

const figure = (description: string) => z.number().nullable().describe(description)

export const DictionaryFigures = z.strictObject({
  source: z
    .enum(['evaluation', 'run'])
    .describe('The newest evaluation without first positions and sinks, else what the run measured at its end'),
  heldOut: z.boolean().describe('False where there are no held-out tokens: the figures are of training tokens then'),
  harvest: named('harvest').nullable().describe('Where they were measured; null when it was deleted'),
  tokens: z.number().describe('Tokens of L0 and of the dead share'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed them'),
  measuredAt: timestamp('When they were measured'),
  l0: figure('Mean number of active features per token'),
  explainedVariance: figure('1 − E‖x − x̂‖² / E‖x − Ex‖²; a share'),
  explainedVarianceTokens: z
    .number()
    .describe('Tokens of the explained variance: at the end of a run a sample of the held-out tokens'),
  deadShare: figure('Share of the features that were silent on all of these tokens'),
  crossEntropyRecovered: figure(
    'Share of the model’s cross-entropy kept with x̂ in the place of x; only evaluations measure it',
  ),
  crossEntropyTokens: figure('Predictions of the cross-entropy'),
})
export type DictionaryFigures = z.output<typeof DictionaryFigures>

export const DictionarySummary = z.strictObject({
  id: z.string().describe('Id of the dictionary'),
  name: z.string().describe('Name of the dictionary'),
  model: named('model').nullable().describe('Null for a dictionary that is attached to no model here'),
  hook: z.string().nullable().describe('Where in the model it reads'),
  targetHook: z.string().nullable().describe('Where a transcoder writes; null where that is not known, and for others'),
  architecture: z.string().describe('How codes are computed'),
  dIn: z.int().describe('Width of an activation'),
  dSae: z.int().describe('Number of features'),
  config: z.looseObject({}).describe('As stored with the weights'),
  origin: z.enum(['run', 'import']).describe('Trained here, or imported'),
  createdAt: timestamp('When it was made'),
  run: named('run').nullable().describe('The training it came from'),
  figures: DictionaryFigures.nullable().describe('Null before the first measurement'),
  features: z
    .strictObject({
      status: Status.describe('Of the job that counts the features'),
      tokens: z.number().describe('Tokens counted over; 0 until finished'),
      harvest: named('harvest').describe('The texts counted over'),
      summary: FeatureSummary.nullable().describe('Null until finished'),
    })
    .nullable()
    .describe('Null before the features are counted for the first time'),
})
export type DictionarySummary = z.output<typeof DictionarySummary>

/** A dictionary that texts can be encoded and steered with: it is attached to a model and a hook. */
export const AttachedDictionary = z.strictObject({
  ...Named.shape,
  model: z.string().describe('Name of the model'),
  hook: z.string().describe('Where in the model it reads'),
  width: z.int().describe('Number of features'),
  hasStatistics: z.boolean().describe('Whether it has feature statistics'),
})
export type AttachedDictionary = z.output<typeof AttachedDictionary>

/** An unfinished job. */
export interface RunningJob {
  id: string
  kind: string
  /** Name of the thing it makes or measures. */
  about: string
  /** Id of the dictionary it works on. */
  dictionary: string | null
}

/** Ids of the unfinished jobs that measure a dictionary. */
export interface MeasuringJobs {
  statistics: string | undefined
  evaluate: string | undefined
  suite: string | undefined
}

export interface ListedDictionary extends DictionarySummary {
  jobs: MeasuringJobs
}

/** A dictionary to choose for a comparison. */
export interface ComparableOption extends DictionarySite {
  id: string
  name: string
}

/** A dictionary with all its figures. */
export interface MeasuredDictionary {
  summary: DictionarySummary
  /** The newest one without first positions and sinks. */
  evaluation: EvaluationRecord | undefined
}
