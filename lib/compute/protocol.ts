/** What the web and the compute process say to each other. Nothing here computes: pages and routes may import it. */
import { z } from 'zod'
import { SteeringEnd, SteeringStart, SteeringToken } from '../../trainer/steering/events'

/** Names the client a request is made for, so that clients get fair shares. */
export const CLIENT_HEADER = 'x-loupe-client'

/** Most tokens of an encoded text and of a prompt. */
export const MAX_TOKENS = 2048

const name = (description: string) => z.string().min(1).max(300).describe(description)
const Feature = z.int().nonnegative().describe('Index of the feature')

export const EncodeRequest = z.strictObject({
  text: z.string().min(1).max(20_000).describe(`A text of at most ${MAX_TOKENS} tokens`),
  dictionaries: z.array(name('Name or id')).min(1).max(8).describe('Dictionaries, all of one model'),
  top: z.int().min(1).max(64).default(16).describe('How many of the strongest features to give for each token'),
  features: z
    .array(z.strictObject({ dictionary: name('One of the dictionaries, by name or id'), feature: Feature }))
    .max(64)
    .optional()
    .describe('Features to follow over all tokens, strong or not'),
})

const Activation = z.strictObject({ feature: Feature, value: z.number().describe('Activation') })

export const EncodeAnswer = z.strictObject({
  model: z.string().describe('Name of the model'),
  tokens: z.array(
    z.strictObject({ id: z.int().describe('Token id'), text: z.string().describe('Text of this token alone') }),
  ),
  counted: z
    .array(z.boolean())
    .describe('False for positions that statistics leave out: the first, and attention sinks'),
  dictionaries: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      hook: z.string(),
      l0: z.number().describe('Active features a token, mean over the text'),
      rows: z.array(z.array(Activation)).describe('For each token its strongest features, strongest first'),
    }),
  ),
  features: z.array(
    z.strictObject({
      dictionary: z.string().describe('As asked for'),
      feature: Feature,
      values: z.array(z.number()).describe('Activation at each token, 0 where it is off'),
    }),
  ),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
})

export const CompareRequest = z.strictObject({ a: name('Name or id'), b: name('Name or id') })

/** What was found is stored: `lib/comparisons/rows.ts` reads it. */
export interface CompareAnswer {
  /** Library, device, instruction sets and threads that computed it. */
  engine: string
}

export const ComputeHealth = z.strictObject({
  engine: z.string().describe('Library, device, instruction sets and threads that compute'),
  models: z.array(z.string()).describe('Models in memory'),
  active: z.int().describe('Requests at work'),
  waiting: z.int().describe('Requests that wait for their turn'),
  uptime: z.number().describe('Seconds since the process began'),
})

export const QueuedFrame = z.strictObject({
  type: z.literal('queued'),
  ahead: z.int().positive().describe('How many generations must end before this one begins'),
})

/** What a steering request yields; a failure is thrown. */
export const SteeringFrame = z.discriminatedUnion('type', [QueuedFrame, SteeringStart, SteeringToken, SteeringEnd])

/** How a failure goes over the wire, alone or as the last frame of a stream. */
export interface WireError {
  /** One of the codes of `trainer/errors.ts`, or internal: a defect, whose details are in the server's log. */
  code: string
  message: string
  remedy: string | null
}

export type EncodeRequest = z.input<typeof EncodeRequest>
export type EncodeAnswer = z.output<typeof EncodeAnswer>
export type CompareRequest = z.output<typeof CompareRequest>
export type ComputeHealth = z.output<typeof ComputeHealth>
export type SteeringFrame = z.output<typeof SteeringFrame>
export type WireFrame = SteeringFrame | { type: 'error'; error: WireError }
