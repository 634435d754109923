/** What the API says of two dictionaries side by side. */
import { z } from 'zod'
import { FeatureFigures } from '../features/figures'
import { timestamp } from '../base/fields'

const Feature = z.int().describe('Index of the feature')
const cosine = z.number().describe('Cosine of the two decoder directions')

const Side = z.strictObject({
  id: z.string().describe('Id of the dictionary'),
  name: z.string().describe('Its name'),
  features: z.int().describe('Its features'),
  matched: z.int().describe('Features whose best match in the other one has the threshold’s cosine or more'),
  meanCosine: z.number().describe('Mean over its features of the cosine of the best match'),
  histogram: z.array(z.int()).describe('Features by the cosine of their best match, between "edges"'),
  unmatched: z
    .array(z.strictObject({ feature: Feature, nearest: z.int().describe('Its best match'), cosine }))
    .describe('Features below the threshold, the loneliest first'),
  figures: z.array(FeatureFigures).describe('Of its features in these lists; none before statistics are computed'),
})

export const Comparison = z.strictObject({
  a: Side,
  b: Side,
  threshold: z.number().describe('As asked for'),
  edges: z.array(z.number()).describe('Of the histograms; cosines below 0 count in the first bin'),
  mutual: z.int().describe('Features that are each other’s best match, at the threshold or above'),
  pairs: z
    .array(z.strictObject({ a: Feature, b: Feature, cosine }))
    .describe('Features that are each other’s best match, largest cosine first'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  computedAt: timestamp('When it was computed; weights never change, so it stays true'),
})
