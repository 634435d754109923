/** `FeatureQuery` as it stands in an address, where everything is text. */
import { z } from 'zod'
import { FeatureQuery } from './query'

const { sort, order, after, label } = FeatureQuery.shape
const described = FeatureQuery.shape
const of = (name: keyof typeof described) => described[name].description ?? ''

/** `1,2` and `token=1&token=2` alike. */
export const TokenIds = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((part) => part.split(',')))
  .pipe(
    z
      .array(
        z
          .string()
          .regex(/^\d{1,10}$/, 'a token id is a whole number')
          .transform(Number)
          .pipe(z.int().max(2 ** 31 - 1)),
      )
      .min(1)
      .max(100),
  )

export const FeatureListQuery = z.strictObject({
  sort,
  order,
  after,
  label,
  limit: z.coerce.number().int().min(1).max(500).default(50).describe(of('limit')),
  minDensity: z.coerce.number().min(0).max(1).optional().describe(of('minDensity')),
  maxDensity: z.coerce.number().min(0).max(1).optional().describe(of('maxDensity')),
  minMax: z.coerce.number().optional().describe(of('minMax')),
  live: z.stringbool().optional().describe(of('live')),
  labelled: z.stringbool().optional().describe(of('labelled')),
  token: TokenIds.optional().describe(`${of('token')}; several with commas`),
  tokenText: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('the same for every token of this spelling, without regard to case and spaces around it'),
})
