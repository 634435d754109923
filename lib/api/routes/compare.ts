import { z } from 'zod'
import { requireComparable, storedComparison } from '../../comparisons/rows'
import { summariseComparison, type WaySummary } from '../../comparisons/view'
import type { DictionaryRow } from '../../dictionaries/rows'
import { featureFigures } from '../../features/figures'
import { defineRoute } from '../route'
import { Comparison } from '../../comparisons/schema'

const asked = (which: string) => z.string().min(1).max(300).describe(`Name or id of the ${which} dictionary`)

export const compareRoutes = [
  defineRoute({
    method: 'GET',
    path: '/compare',
    summary: 'Two dictionaries side by side: which features point the same way',
    description:
      'Every feature’s best match in the other dictionary by cosine of decoder directions, both ways. Computed on first ' +
      'asking (seconds for wide dictionaries) and kept. Refused for dictionaries that read or write different models, hooks or widths.',
    tag: 'dictionaries',
    query: z.strictObject({
      a: asked('first'),
      b: asked('second'),
      threshold: z.coerce
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe('Cosine from which on two features count as the same'),
      limit: z.coerce.number().int().min(1).max(500).default(100).describe('Longest list to give'),
    }),
    response: Comparison,
    timeoutSeconds: 300,
    async handler({ query: { threshold, limit, ...names } }, { database, compute, client, signal }) {
      const pair = await requireComparable(database, names)
      if (!(await storedComparison(database, pair))) await compute().compare(names, { client, signal })
      const stored = await storedComparison(database, pair)
      if (!stored) throw new Error('a comparison was computed, but is not stored')
      const { ofA, ofB, edges, mutual, pairs } = summariseComparison(stored, { threshold, limit })
      const side = async (row: DictionaryRow, way: WaySummary, paired: number[], nearest: number[]) => {
        const listed = new Set([...way.unmatched.map(({ feature }) => feature), ...paired, ...nearest])
        return { id: row.id, name: row.name, ...way, figures: await featureFigures(database, row, [...listed]) }
      }
      const nearest = ({ unmatched }: WaySummary) => unmatched.map((each) => each.nearest)
      return {
        a: await side(
          pair.a,
          ofA,
          pairs.map(({ a }) => a),
          nearest(ofB),
        ),
        b: await side(
          pair.b,
          ofB,
          pairs.map(({ b }) => b),
          nearest(ofA),
        ),
        threshold,
        edges,
        mutual,
        pairs,
        engine: stored.engine,
        computedAt: stored.computedAt,
      }
    },
  }),
]
