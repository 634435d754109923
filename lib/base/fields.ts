/** Pieces that the schemas of several domains share: names, states, times, and parameters of addresses. */
import { z } from 'zod'

export const Named = z.strictObject({ id: z.string().describe('Id'), name: z.string().describe('Name') })
export type Named = z.output<typeof Named>

export const Status = z
  .enum(['pending', 'running', 'finished', 'failed', 'cancelled'])
  .describe('pending: in the queue; running: started; finished, failed and cancelled: ended')

export const timestamp = (what: string) => z.iso.datetime().describe(what)

export const IdParams = (what: string) => z.strictObject({ id: z.uuid().describe(`Id of the ${what}`) })

/** For things with unique names. */
export const NameOrIdParams = (what: string) =>
  z.strictObject({ id: z.string().min(1).max(300).describe(`Id of the ${what}, or its name (URL-encoded)`) })

export const DictionaryParams = NameOrIdParams('dictionary')

export const FeatureParams = z.strictObject({
  ...DictionaryParams.shape,
  index: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .describe('Index of the feature'),
})
