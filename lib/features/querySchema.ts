/** The query of a list of features: typed, as text in an address, and as the cursor of its next page. */
import { z } from 'zod'
import { decodeCursor } from '../base/cursor'

const share = z.number().min(0).max(1)

export const FEATURE_SORTS = ['index', 'density', 'max', 'mean', 'label', 'match'] as const

export const FeatureQuery = z.strictObject({
  sort: z
    .enum(FEATURE_SORTS)
    .default('index')
    .describe(
      'index, density, max (largest activation), mean (activation over firings), label (unlabelled last), match (only with token)',
    ),
  order: z.enum(['asc', 'desc']).default('asc').describe('asc or desc'),
  after: z.string().max(2000).optional().describe('cursor of the previous page: its "next"'),
  limit: z.int().min(1).max(500).default(50).describe('features per page'),
  minDensity: share.optional().describe('smallest share of tokens on which the feature fires'),
  maxDensity: share.optional().describe('largest share of tokens on which the feature fires'),
  minMax: z.number().optional().describe('lower bound of the largest activation'),
  live: z.boolean().optional().describe('true: features that fire; false: features that never do'),
  token: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .min(1)
    .max(100)
    .optional()
    .describe('features that fire most strongly on any of these token ids'),
  label: z.string().min(1).max(500).optional().describe('text contained in the label, without regard to case'),
  labelled: z.boolean().optional().describe('true: features with a label; false: those without'),
})
export type FeatureQuery = z.output<typeof FeatureQuery>

const { sort, order, after, label } = FeatureQuery.shape
const describe = (name: keyof typeof FeatureQuery.shape) => FeatureQuery.shape[name].description ?? ''

/** `1,2` or `token=1&token=2`. */
export const TokenIds = z
  .union([z.string(), z.array(z.string())])
  .transform((ids) => [ids].flat().flatMap((part) => part.split(',')))
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

/** `FeatureQuery` in an address, where everything is text. */
export const FeatureListQuery = z.strictObject({
  sort,
  order,
  after,
  label,
  limit: z.coerce.number().int().min(1).max(500).default(50).describe(describe('limit')),
  minDensity: z.coerce.number().min(0).max(1).optional().describe(describe('minDensity')),
  maxDensity: z.coerce.number().min(0).max(1).optional().describe(describe('maxDensity')),
  minMax: z.coerce.number().optional().describe(describe('minMax')),
  live: z.stringbool().optional().describe(describe('live')),
  labelled: z.stringbool().optional().describe(describe('labelled')),
  token: TokenIds.optional().describe(`${describe('token')}; several with commas`),
  tokenText: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('the same for every token of this spelling, without regard to case and spaces around it'),
})

const FeatureCursor = z.strictObject({
  sort: z.enum(FEATURE_SORTS),
  order: z.enum(['asc', 'desc']),
  key: z.union([z.number(), z.string(), z.null()]),
  index: z.int(),
  total: z.int(),
})
export type FeatureCursor = z.output<typeof FeatureCursor>

/** Throws `bad-input` for a cursor of another sort or order. */
export function readFeatureCursor({ sort, order, after }: FeatureQuery): FeatureCursor | undefined {
  if (after === undefined) return undefined
  return decodeCursor(
    FeatureCursor.refine((cursor) => cursor.sort === sort && cursor.order === order),
    after,
  )
}
