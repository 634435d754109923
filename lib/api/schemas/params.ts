/** Parts of addresses that several routes share. */
import { z } from 'zod'

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
