/** An intervention: the prompt, the edits inside the model, and the sampling, as one schema. */
import { z } from 'zod'
import { LoupeError, nearestName } from '../errors'

/** Longest name of a model, dictionary or hook, in characters. */
const MAX_NAME = 300
/** Longest prompt, and longest chat in total, in characters. */
const MAX_TEXT = 40_000

const name = (description: string) => z.string().min(1).max(MAX_NAME).describe(description)

/** Which positions an edit touches. */
const Positions = z
  .union([z.enum(['all', 'prompt', 'generated']), z.tuple([z.int().nonnegative(), z.int().nonnegative()])])
  .default('all')
  .describe('Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt')

const Strength = z
  .number()
  .describe('add: multiplies the direction; scale: multiplies the activation; set: is the activation')

const FeatureEdit = z
  .strictObject({
    dictionary: name('Name of the dictionary'),
    feature: z.int().nonnegative().describe('Index of the feature'),
    mode: z
      .enum(['add', 'scale', 'set', 'ablate'])
      .describe('add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays'),
    strength: Strength.optional(),
    positions: Positions,
  })
  .superRefine(({ mode, strength }, context) => {
    if (mode !== 'ablate' && strength === undefined) {
      context.addIssue({ code: 'custom', path: ['strength'], message: `mode "${mode}" needs a strength` })
    }
  })

const VectorEdit = z.strictObject({
  hook: name('Hook whose value is edited'),
  vector: z.array(z.number()).min(1).max(65_536).describe('Direction, as wide as the hook'),
  mode: z.literal('add').describe('add strength × vector'),
  strength: Strength,
  positions: Positions,
})

const Sampling = z.strictObject({
  temperature: z.number().min(0).max(10).default(0.7).describe('0 picks the most likely token'),
  topP: z.number().gt(0).max(1).default(1).describe('Sample from the smallest set of tokens with this probability'),
  maxTokens: z.int().positive().max(8192).default(64).describe('Maximum number of tokens to generate'),
  seed: z.int().nonnegative().default(0).describe('Equal seeds give equal text'),
  stop: z
    .array(z.string().min(1).max(200))
    .max(16)
    .default([])
    .describe('Generation ends before the first of these strings'),
})

const Message = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']).describe('Author of the message'),
  content: z.string().describe('Text of the message'),
})

const Details = z.strictObject({
  alternatives: z.int().min(0).max(10).default(0).describe('Number of most likely tokens to return with each token'),
  kl: z
    .boolean()
    .default(false)
    .describe('Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text'),
})

/** Plain data, as in preset files, requests and the database. `sweep` holds the strength factors. */
export const Intervention = z
  .strictObject({
    model: name('Name of the model'),
    prompt: z.string().max(MAX_TEXT).optional().describe('Text to continue'),
    chat: z
      .array(Message)
      .min(1)
      .max(64)
      .refine((messages) => messages.reduce((sum, { content }) => sum + content.length, 0) <= MAX_TEXT, {
        message: `the limit of a chat is ${MAX_TEXT} characters`,
      })
      .optional()
      .describe("Messages, formatted with the model's own chat template"),
    edits: z
      .array(z.union([FeatureEdit, VectorEdit]))
      .max(64)
      .default([])
      .describe('Changes made during the run'),
    sweep: z
      .array(z.number())
      .min(1)
      .max(8)
      .refine((factors) => new Set(factors).size === factors.length, { message: 'two factors are equal' })
      .optional()
      .describe('Strength factors: one steered answer for each, with the strength of every edit times the factor'),
    sampling: Sampling.prefault({}).describe('How tokens are drawn'),
    details: Details.prefault({}).describe('Extra figures of each token'),
  })
  .refine(({ prompt, chat }) => prompt === undefined || chat === undefined, {
    message: 'give either a prompt or a chat, not both',
  })

export type Intervention = z.output<typeof Intervention>
export type FeatureEdit = z.output<typeof FeatureEdit>
export type VectorEdit = z.output<typeof VectorEdit>
export type Edit = FeatureEdit | VectorEdit
export type Positions = z.output<typeof Positions>
export type Sampling = z.output<typeof Sampling>

/** The intervention, or every problem in words: it names the fields, and the nearest known key for an unknown one. */
export function checkIntervention(input: unknown): { intervention: Intervention } | { problems: string[] } {
  const parsed = Intervention.safeParse(input)
  if (parsed.success) return { intervention: parsed.data }
  return { problems: parsed.error.issues.flatMap((issue) => describeIssue(issue, input)) }
}

/**
 * Checks an intervention from a file or a request.
 * @param source where it comes from, for messages
 * @throws LoupeError `bad-input` with every problem
 */
export function parseIntervention(input: unknown, source: string): Intervention {
  const checked = checkIntervention(input)
  if ('intervention' in checked) return checked.intervention
  throw new LoupeError('bad-input', `${source}: ${checked.problems.join('; ')}`)
}

type Issue = z.core.$ZodIssue

function describeIssue(issue: Issue, input: unknown, base: readonly PropertyKey[] = []): string[] {
  const path = [...base, ...issue.path]
  const place = path.join('.') || 'the intervention'
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && !path.includes('positions')) {
    // The intended alternative is the one with the fewest problems.
    const branch = issue.errors.reduce((best, next) => (next.length < best.length ? next : best))
    return branch.flatMap((inner) => describeIssue(inner, input, path))
  }
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path, input)
    return issue.keys.map((key) => {
      const nearest = nearestName(key, known)
      return `unknown key "${key}" in ${place}${nearest ? `, did you mean "${nearest}"?` : ''} (known: ${known.join(', ')})`
    })
  }
  if (path.includes('positions')) return [`${place}: expected "all", "prompt", "generated" or [from, to]`]
  return [`${place}: ${issue.message}`]
}

function knownKeys(path: readonly PropertyKey[], input: unknown): string[] {
  if (path.length === 0) return Object.keys(Intervention.shape)
  if (path[0] === 'sampling') return Object.keys(Sampling.shape)
  if (path[0] === 'details') return Object.keys(Details.shape)
  if (path[0] === 'chat') return Object.keys(Message.shape)
  const edit = (input as { edits: Record<string, unknown>[] }).edits[Number(path[1])]!
  return Object.keys('hook' in edit || 'vector' in edit ? VectorEdit.shape : FeatureEdit.shape)
}
