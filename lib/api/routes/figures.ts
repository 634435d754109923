/** A few features in short. */
import { z } from 'zod'
import { requireDictionary } from '../../dictionaries/rows'
import { featureFigures } from '../../features/figures'
import { FeatureFigures } from '../../features/schema'
import { defineRoute } from '../route'
import { DictionaryParams } from '../../base/fields'

const Feature = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)

export const figureRoutes = [
  defineRoute({
    method: 'GET',
    path: '/dictionaries/{id}/figures',
    summary: 'Some features in short',
    tag: 'features',
    params: DictionaryParams,
    query: z.strictObject({
      feature: z
        .union([Feature.transform((each) => [each]), z.array(Feature).max(500)])
        .describe('Index of a feature; may be repeated'),
    }),
    response: z.strictObject({
      figures: z.array(FeatureFigures).describe('By index; features without statistics are left out'),
    }),
    example: ({ feature }) => ({ query: { feature } }),
    async handler({ params, query }, { database }) {
      return { figures: await featureFigures(database, await requireDictionary(database, params.id), query.feature) }
    },
  }),
]
