/** What a steered generation tells while it runs, as it goes over the wire. */
import { z } from 'zod'

const Finish = z
  .enum(['length', 'stop', 'end'])
  .describe('Why the answer ends: no tokens left, a stop string, or a token that ends every text')

const Alternative = z.strictObject({
  id: z.int().describe('Token id'),
  token: z.string().describe('Text of this token alone'),
  logprob: z.number().describe("Natural logarithm of the model's own probability"),
})

const Factor = z
  .number()
  .nullable()
  .describe('What multiplies the strengths of all edits; null for the default, which has none')

export const SteeringStart = z.strictObject({
  type: z.literal('start'),
  branches: z
    .array(z.strictObject({ name: z.string().describe('default, steered, or steered ×FACTOR'), factor: Factor }))
    .describe('The answers to come, the default first'),
  prompt: z
    .array(z.strictObject({ id: z.int().describe('Token id'), text: z.string().describe('Text of this token alone') }))
    .describe('Tokens of the prompt'),
})

export const SteeringToken = z.strictObject({
  type: z.literal('token'),
  branch: z.string().describe('Name of the answer it belongs to'),
  index: z.int().describe('Its place in the answer, from 0'),
  id: z.int().describe('Token id'),
  token: z.string().describe('Text of this token alone'),
  text: z.string().describe('What it settles of the answer: nothing while a character or a stop string is unfinished'),
  logprob: z.number().describe("Natural logarithm of the branch's own probability, before temperature and top-p"),
  alternatives: z.array(Alternative).describe('The likeliest tokens, likeliest first'),
  kl: z
    .number()
    .optional()
    .describe('KL(steered ‖ default) of the next token in nats, both after the same steered text'),
  defaultLogprob: z.number().optional().describe('Log-probability of this token without edits, after the same text'),
  finish: Finish.optional(),
})

export const SteeringEnd = z.strictObject({
  type: z.literal('end'),
  answers: z.array(
    z.strictObject({
      branch: z.string().describe('Name of the answer'),
      factor: Factor,
      text: z.string().describe('Without the prompt'),
      ids: z.array(z.int()).describe('Token ids, without a token that ends every text'),
      finish: Finish,
    }),
  ),
  tokens: z.int().describe('Tokens generated, all answers together'),
  seconds: z.number().describe('From the beginning of the pass over the prompt'),
})

export const SteeringEvent = z.discriminatedUnion('type', [SteeringStart, SteeringToken, SteeringEnd])

export type SteeringStart = z.output<typeof SteeringStart>
export type SteeringToken = z.output<typeof SteeringToken>
export type SteeringEnd = z.output<typeof SteeringEnd>
export type SteeringEvent = z.output<typeof SteeringEvent>
export type SteeredAnswer = SteeringEnd['answers'][number]
