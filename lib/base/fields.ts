/** Pieces that the descriptions of runs, jobs and harvests share. */
import { z } from 'zod'

export const Named = z.strictObject({ id: z.string().describe('Id'), name: z.string().describe('Name') })

export const Status = z
  .enum(['pending', 'running', 'finished', 'failed', 'cancelled'])
  .describe('pending: in the queue; running: begun; the others are ends')

export const timestamp = (what: string) => z.iso.datetime().describe(what)

export const JobReference = z
  .strictObject({
    id: z.string().describe('Id of the job'),
    status: Status,
    hasLiveWorker: z.boolean().describe('Whether a live worker has a part of it in hand'),
  })
  .describe('The newest job that works or worked on it')

export const workers = z.int().describe('Live workers; with none, jobs wait')

export const IdParams = (what: string) => z.strictObject({ id: z.uuid().describe(`Id of the ${what}`) })

// MERGED HEADER of lib/base/fields.ts: Parts of addresses that several routes share.

export const DictionaryParams = z.strictObject({
  id: z.string().min(1).max(300).describe('Id of the dictionary, or its name (URL-encoded)'),
})

export const FeatureParams = z.strictObject({
  ...DictionaryParams.shape,
  index: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .describe('Index of the feature'),
})
