/** What a harvest was made from and by. Two harvests with equal provenance have equal bytes. */
import { z } from 'zod'
import { LoupeError } from '../errors'
import { ACTIVATION_DTYPES } from './dtype'

export const harvestProvenance = z.strictObject({
  model: z.string().describe('name of the model'),
  weightsHash: z.string().describe('sha256 over the model’s weight files'),
  tokenizerHash: z.string().nullable().describe('sha256 of the tokenizer; null for a model without one'),
  corpus: z.string().describe('name of the corpus'),
  corpusHash: z.string().describe('sha256 over the documents'),
  hook: z.string().describe('where the activations were taken, e.g. blocks.9.hook_resid_post'),
  d_in: z.int().positive().describe('width of an activation'),
  targetHook: z.string().optional().describe('where targets of transcoders were taken; absent without them'),
  gradients: z
    .strictObject({
      of: z.literal('sum of next-token cross-entropy').describe('what was differentiated'),
      reduction: z.literal('sum').describe('over the predicted tokens of a context'),
    })
    .optional()
    .describe('what the gradients beside the activations are; absent without them'),
  dtype: z.enum(ACTIVATION_DTYPES).describe('how an activation is stored'),
  contextSize: z.int().positive().describe('tokens per context'),
  tokens: z.int().positive().describe('number of tokens asked for'),
  seed: z.int().describe('decides which documents are taken and which are held out'),
  engine: z.string().describe('fingerprint of the engine that computed them'),
  device: z.string().describe('cpu or cuda'),
})

export type HarvestProvenance = z.infer<typeof harvestProvenance>

/** Throws `mismatch` naming every field that differs, with both values. */
export function requireSameProvenance(stored: HarvestProvenance, current: HarvestProvenance): void {
  const fields = Object.keys(harvestProvenance.shape) as (keyof HarvestProvenance)[]
  const differing = fields.filter((field) => show(stored[field]) !== show(current[field]))
  if (differing.length === 0) return
  const list = differing.map((field) => `${field} is ${show(stored[field])} there and ${show(current[field])} here`)
  throw new LoupeError('mismatch', `the harvest was made otherwise: ${list.join('; ')}`, {
    remedy: differing.every((field) => field === 'engine' || field === 'device')
      ? 'go on with the engine and device that began it, or start a new harvest under another name'
      : 'start a new harvest under another name',
  })
}

function show(value: HarvestProvenance[keyof HarvestProvenance]): string {
  if (value === null || value === undefined) return 'none'
  return typeof value === 'object' ? Object.values(value).join(', ') : JSON.stringify(value)
}
