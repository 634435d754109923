/** What a harvest is made from, and the engine that computes it. Two harvests with equal provenance have equal bytes. */
import { z } from 'zod'
import { LoupeError } from '../errors'
import { ACTIVATION_DTYPES } from './dtype'

export const harvestProvenance = z.strictObject({
  model: z.string().describe('name of the model'),
  weightsHash: z.string().describe('sha256 over the model’s weight files'),
  tokenizerHash: z.string().nullable().describe('sha256 of the tokenizer; null for a model without one'),
  corpus: z.string().describe('name of the corpus'),
  corpusHash: z.string().optional().describe('sha256 over the documents; absent until the harvest is planned'),
  hook: z.string().describe('where the activations were taken, e.g. blocks.9.hook_resid_post'),
  d_in: z.int().positive().describe('width of an activation'),
  targetHook: z.string().optional().describe('where targets of transcoders were taken; absent without them'),
  gradients: z
    .strictObject({
      of: z.literal('sum of next-token cross-entropy').describe('what was differentiated'),
      reduction: z.literal('sum').describe('over the predicted tokens of a context'),
    })
    .optional()
    .describe('what the gradients of the activations are; absent without them'),
  dtype: z.enum(ACTIVATION_DTYPES).describe('how an activation is stored'),
  contextSize: z.int().positive().describe('tokens per context'),
  tokens: z.int().positive().describe('number of tokens requested'),
  seed: z.int().describe('decides which documents are taken and which are held out'),
  engine: z
    .string()
    .optional()
    .describe('fingerprint of the engine that computes the harvest; absent until the harvest is planned'),
  device: z.string().optional().describe('cpu or cuda; absent until the harvest is planned'),
})

export type HarvestProvenance = z.infer<typeof harvestProvenance>

/** Fields that a harvest gets when it is planned, from the process that reads the corpus and computes. */
const PLANNED: readonly string[] = ['corpusHash', 'engine', 'device'] satisfies (keyof HarvestProvenance)[]

/** Throws `mismatch` with every field that differs and both values. A field that is not planned yet matches any value. */
export function requireSameProvenance(stored: HarvestProvenance, current: HarvestProvenance): void {
  const differing = differingFields(stored, current)
  if (differing.length === 0) return
  const list = differing.map((field) => `${field} is ${show(stored[field])} there and ${show(current[field])} here`)
  throw new LoupeError('mismatch', `the harvest was made from other inputs: ${list.join('; ')}`, {
    remedy: differing.every((field) => field === 'engine' || field === 'device')
      ? 'continue with the engine and device that started it, or start a new harvest under another name'
      : 'start a new harvest under another name',
  })
}

export function differingFields(stored: HarvestProvenance, current: HarvestProvenance): (keyof HarvestProvenance)[] {
  const fields = Object.keys(harvestProvenance.shape) as (keyof HarvestProvenance)[]
  const isOpen = (field: keyof HarvestProvenance) =>
    PLANNED.includes(field) && (stored[field] === undefined || current[field] === undefined)
  return fields.filter((field) => !isOpen(field) && show(stored[field]) !== show(current[field]))
}

function show(value: HarvestProvenance[keyof HarvestProvenance]): string {
  if (value === null || value === undefined) return 'none'
  return typeof value === 'object' ? Object.values(value).join(', ') : JSON.stringify(value)
}
