/** Steering as data: the frames of a stream, the whole answer, presets and kept answers. */
import { z } from 'zod'
import { SteeringEnd, SteeringEvent, SteeringStart, SteeringToken } from '../../trainer/steering/events'
import { checkIntervention, Intervention } from '../../trainer/steering/intervention'
import { ErrorDetails } from '../base/errorBody'

const QueuedFrame = z.strictObject({
  type: z.literal('queued'),
  ahead: z.int().positive().describe('Number of generations that must end before this one starts'),
})

const ErrorFrame = z.strictObject({
  type: z.literal('error'),
  error: ErrorDetails.describe('Why the answer ends here'),
})

/** One frame of a stream of steering, from the compute process and from the API: `type` is its kind. */
export const SteeringFrame = z.discriminatedUnion('type', [QueuedFrame, ...SteeringEvent.options, ErrorFrame])
export type SteeringFrame = z.output<typeof SteeringFrame>
/** A frame as readers of a stream receive it: they throw an `error` frame. */
export type SteeringProgress = Exclude<SteeringFrame, { type: 'error' }>

export const AnswerToken = SteeringToken.omit({ type: true, branch: true, index: true, text: true, finish: true })
export type AnswerToken = z.output<typeof AnswerToken>

export const SteeredBranch = SteeringEnd.shape.answers.element.extend({
  tokens: z.array(AnswerToken).describe('Every token, including the end-of-text token if there is one'),
})
export type SteeredBranch = z.output<typeof SteeredBranch>

export const SteeringAnswer = z.strictObject({
  prompt: SteeringStart.shape.prompt,
  answers: z.array(SteeredBranch).describe('The default first, then the steered answers'),
  tokens: SteeringEnd.shape.tokens,
  seconds: SteeringEnd.shape.seconds,
  engine: SteeringStart.shape.engine,
  device: SteeringStart.shape.device,
})
export type SteeringAnswer = z.output<typeof SteeringAnswer>

const documented = { ...z.toJSONSchema(Intervention, { io: 'input' }) }
// `$schema` belongs to a whole document; this schema becomes a part of one.
delete documented.$schema

/**
 * An intervention in a request. Documented by its JSON schema, and checked by `checkIntervention`, whose messages name
 * the nearest known key.
 */
export const InterventionInput = z
  .unknown()
  .meta(documented)
  .transform((input, context): Intervention => {
    const checked = checkIntervention(input)
    if ('intervention' in checked) return checked.intervention
    for (const message of checked.problems) context.addIssue({ code: 'custom', message })
    return z.NEVER
  })

export const ListedSteeringPreset = z.strictObject({
  id: z.string().describe('Id of the preset'),
  name: z.string().describe('Name of the preset'),
  createdAt: z.iso.datetime().describe('Time of the first save'),
  updatedAt: z.iso.datetime().describe('Time of the last change'),
})
export type ListedSteeringPreset = z.output<typeof ListedSteeringPreset>

export const SteeringPreset = ListedSteeringPreset.extend({
  intervention: Intervention.describe('The intervention, with every default filled in'),
})
export type SteeringPreset = z.output<typeof SteeringPreset>

export const NewSteeringPreset = z.strictObject({
  name: z.string().max(500).describe('One line of up to 120 characters; no other preset may have this name'),
  intervention: InterventionInput.describe('The intervention to save'),
})
export type NewSteeringPreset = z.output<typeof NewSteeringPreset>

export const NewGeneration = z.strictObject({
  intervention: InterventionInput.describe('The intervention that was sent to POST /steer'),
  answer: SteeringAnswer.describe('The answer of POST /steer'),
})
export type NewGeneration = z.output<typeof NewGeneration>

const generation = {
  id: z.string().describe('Id of the kept answer; its page is /steer/ID'),
  intervention: Intervention.describe('The intervention, with every default filled in'),
  engine: z.string().describe('What computed it: library, device, instruction sets and threads'),
  device: z.string().describe('cpu or cuda'),
  createdAt: z.iso.datetime().describe('Time at which it was kept'),
}

/** A kept answer: the intervention and its answer, so that it can be shown and repeated. */
export const Generation = z.strictObject({ ...generation, answer: SteeringAnswer })
export type Generation = z.output<typeof Generation>

export const ListedGeneration = z.strictObject({
  ...generation,
  texts: z
    .array(z.strictObject({ branch: z.string(), text: z.string() }))
    .describe('The texts of the answers, without figures'),
})
export type ListedGeneration = z.output<typeof ListedGeneration>
