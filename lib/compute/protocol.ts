/** What the web process and the compute process send each other; the frames of steering are in `lib/steering/schema.ts`. */
import { z } from 'zod'

/** Names the client of a request, so that clients get equal shares. */
export const CLIENT_HEADER = 'x-loupe-client'

/** Longest encoded text and longest prompt, in tokens. */
export const MAX_TOKENS = 2048

const name = (description: string) => z.string().min(1).max(300).describe(description)
const Feature = z.int().nonnegative().describe('Index of the feature')

export const EncodeRequest = z.strictObject({
  text: z.string().min(1).max(20_000).describe(`A text of up to ${MAX_TOKENS} tokens`),
  dictionaries: z.array(name('Name or id')).min(1).max(8).describe('Dictionaries, all of one model'),
  top: z.int().min(1).max(64).default(16).describe('Number of strongest features to return for each token'),
  features: z
    .array(z.strictObject({ dictionary: name('One of the dictionaries, by name or id'), feature: Feature }))
    .max(64)
    .optional()
    .describe('Features to return at every token, whether they are strong or not'),
})
export type EncodeRequest = z.output<typeof EncodeRequest>

const Activation = z.strictObject({ feature: Feature, value: z.number().describe('Activation') })

export const EncodeAnswer = z.strictObject({
  model: z.string().describe('Name of the model'),
  tokens: z.array(
    z.strictObject({ id: z.int().describe('Token id'), text: z.string().describe('Text of this token alone') }),
  ),
  counted: z
    .array(z.boolean())
    .describe('False for positions that statistics leave out: the first one, and attention sinks'),
  dictionaries: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      hook: z.string(),
      l0: z.number().describe('Mean number of active features per token of the text'),
      rows: z.array(z.array(Activation)).describe('For each token its strongest features, strongest first'),
    }),
  ),
  features: z.array(
    z.strictObject({
      dictionary: z.string().describe('Name or id, as in the request'),
      feature: Feature,
      values: z.array(z.number()).describe('Activation at each token, 0 where the feature is silent'),
    }),
  ),
  engine: z.string().describe('What computed it: library, device, instruction sets and threads'),
})
export type EncodeAnswer = z.output<typeof EncodeAnswer>

export const CompareRequest = z.strictObject({ a: name('Name or id'), b: name('Name or id') })
export type CompareRequest = z.output<typeof CompareRequest>

/** The matches themselves are stored: `lib/comparisons/rows.ts` reads them. */
export const CompareAnswer = EncodeAnswer.pick({ engine: true })
export type CompareAnswer = z.output<typeof CompareAnswer>

export const ComputeHealth = z.strictObject({
  engine: z.string().describe('What computes: library, device, instruction sets and threads'),
  models: z.array(z.string()).describe('Models in memory'),
  active: z.int().describe('Number of requests that are computed now'),
  waiting: z.int().describe('Number of requests in the queue'),
  uptime: z.number().describe('Seconds since the process started'),
})
export type ComputeHealth = z.output<typeof ComputeHealth>
