/** The events of a steered generation, in the form in which they are sent to a client. */
import { z } from 'zod'

const Finish = z
  .enum(['length', 'stop', 'end'])
  .describe('Why the answer ended: length = maxTokens reached, stop = a stop string, end = the end-of-text token')

const Alternative = z.strictObject({
  id: z.int().describe('Token id'),
  token: z.string().describe('Text of this token alone'),
  logprob: z.number().describe("Natural logarithm of the model's own probability"),
})

const Factor = z
  .number()
  .nullable()
  .describe('Factor on the strength of every edit; null for the default, which has no edits')

export const SteeringStart = z.strictObject({
  type: z.literal('start'),
  branches: z
    .array(z.strictObject({ name: z.string().describe('default, steered, or steered ×FACTOR'), factor: Factor }))
    .describe('The answers that follow, the default first'),
  prompt: z
    .array(z.strictObject({ id: z.int().describe('Token id'), text: z.string().describe('Text of this token alone') }))
    .describe('Tokens of the prompt'),
  engine: z.string().describe('What computes it: library, device, instruction sets and threads'),
  device: z.enum(['cpu', 'cuda']).describe('Where it is computed'),
})

export const SteeringToken = z.strictObject({
  type: z.literal('token'),
  branch: z.string().describe('Name of the answer that the token belongs to'),
  index: z.int().describe('Index in the answer, from 0'),
  id: z.int().describe('Token id'),
  token: z.string().describe('Text of this token alone'),
  text: z.string().describe('Text that it adds to the answer: empty while a character or a stop string is unfinished'),
  logprob: z.number().describe("Natural logarithm of the branch's own probability, before temperature and top-p"),
  alternatives: z.array(Alternative).describe('The most likely tokens, most likely first'),
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
      ids: z.array(z.int()).describe('Token ids, without the end-of-text token'),
      finish: Finish,
    }),
  ),
  tokens: z.int().describe('Number of generated tokens, over all answers'),
  seconds: z.number().describe('Time since the pass over the prompt began'),
})

export const SteeringEvent = z.discriminatedUnion('type', [SteeringStart, SteeringToken, SteeringEnd])

export type SteeringStart = z.output<typeof SteeringStart>
export type SteeringToken = z.output<typeof SteeringToken>
export type SteeringEnd = z.output<typeof SteeringEnd>
export type SteeringEvent = z.output<typeof SteeringEvent>
export type SteeredAnswer = SteeringEnd['answers'][number]
