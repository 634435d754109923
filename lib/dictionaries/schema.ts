/** What the API says of dictionaries. */
import { z } from 'zod'
import { Status } from '../db/generated/enums'
import { FeatureSummary } from '../features/statistics'

const named = (what: string) =>
  z.strictObject({ id: z.string().describe(`Id of the ${what}`), name: z.string().describe(`Name of the ${what}`) })

const figure = (description: string) => z.number().nullable().describe(description)

export const DictionaryFigures = z.strictObject({
  source: z
    .enum(['evaluation', 'run'])
    .describe('The newest evaluation, else what the run measured of itself at its end'),
  heldOut: z.boolean().describe('False where there are no held-out tokens: the figures are of training ones then'),
  harvest: named('harvest').nullable().describe('Where they were measured; null when it is gone'),
  tokens: z.number().describe('Tokens of L0 and of the dead share'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed them'),
  measuredAt: z.iso.datetime(),
  l0: figure('Mean number of active features a token'),
  explainedVariance: figure('1 − E‖x − x̂‖² / E‖x − Ex‖²; a share'),
  explainedVarianceTokens: z
    .number()
    .describe('Tokens of the explained variance: at the end of a run a sample of the held-out ones'),
  deadShare: figure('Share of the features that were silent on all of these tokens'),
  crossEntropyRecovered: figure('Share of the model’s cross-entropy kept with x̂ in the place of x; evaluations alone'),
  crossEntropyTokens: figure('Predictions of the cross-entropy'),
})

export const DictionarySummary = z.strictObject({
  id: z.string().describe('Id of the dictionary'),
  name: z.string().describe('Name of the dictionary'),
  model: named('model').nullable().describe('Null for a dictionary that is attached to no model here'),
  hook: z.string().nullable().describe('Where in the model it reads'),
  targetHook: z.string().nullable().describe('Where a transcoder writes; null where that is not known, and for others'),
  architecture: z.string().describe('How codes are computed'),
  dIn: z.int().describe('Numbers of an activation'),
  dSae: z.int().describe('Features'),
  config: z.looseObject({}).describe('As stored with the weights'),
  origin: z.enum(['run', 'import']).describe('Trained here, or imported'),
  createdAt: z.iso.datetime(),
  run: named('run').nullable().describe('The training it came from'),
  figures: DictionaryFigures.nullable(),
  features: z
    .strictObject({
      status: z.enum(Status).describe('Of the work that counts the features'),
      tokens: z.number().describe('Tokens counted over; 0 until finished'),
      harvest: named('harvest').describe('The texts counted over'),
      summary: FeatureSummary.nullable().describe('Null until finished'),
    })
    .nullable()
    .describe('Null before the features were ever counted'),
})
