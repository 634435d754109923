/** Compares two dictionaries. */
import { z } from 'zod'
import { requireComparable, storedComparison } from '../../comparisons/rows'
import { Comparison } from '../../comparisons/schema'
import { comparisonView } from '../../comparisons/view'
import { defineRoute } from '../route'

const nameOrId = (which: string) => z.string().min(1).max(300).describe(`Name or id of the ${which} dictionary`)

export const compareRoutes = [
  defineRoute({
    method: 'GET',
    path: '/compare',
    summary: 'Compare two dictionaries: which features point the same way',
    description:
      'For every feature, its best match in the other dictionary by cosine of decoder directions, both ways. The first ' +
      'request computes it (seconds for wide dictionaries), and the result is stored. Refused for dictionaries that read ' +
      'or write different models, hooks or widths.',
    tag: 'dictionaries',
    query: z.strictObject({
      a: nameOrId('first'),
      b: nameOrId('second'),
      threshold: z.coerce
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe('Cosine from which two features count as the same'),
      limit: z.coerce.number().int().min(1).max(500).default(100).describe('Limit of each list'),
    }),
    response: Comparison,
    timeoutSeconds: 300,
    example: ({ dictionary, other }) => ({ query: { a: dictionary, b: other, limit: 5 } }),
    async handler({ query: { a, b, ...options } }, { database, compute, client, signal }) {
      const pair = await requireComparable(database, { a, b })
      if (!(await storedComparison(database, pair))) await compute().compare({ a, b }, { client, signal })
      const stored = await storedComparison(database, pair)
      if (!stored) throw new Error('a comparison was computed, but is not stored')
      return comparisonView(database, pair, stored, options)
    },
  }),
]
