/** Two dictionaries side by side: which features point the same way. */
import { z } from 'zod'
import { timestamp } from '../base/fields'
import { FeatureFigures } from '../features/schema'

const Feature = z.int().describe('Index of the feature')
const cosine = z.number().describe('Cosine of the two decoder directions')

/** One direction: the best match of every feature of one dictionary among those of the other. */
export const OneWay = z.strictObject({
  features: z.int().describe('Its features'),
  matched: z.int().describe('Features whose best match in the other one reaches the cosine of the threshold'),
  meanCosine: z.number().describe('Mean over its features of the cosine of the best match'),
  histogram: z.array(z.int()).describe('Features by the cosine of their best match, between "edges"'),
  unmatched: z
    .array(z.strictObject({ feature: Feature, nearest: z.int().describe('Its best match'), cosine }))
    .describe('Features below the threshold, least similar first'),
})
export type OneWay = z.output<typeof OneWay>

export const ComparedSide = z.strictObject({
  id: z.string().describe('Id of the dictionary'),
  name: z.string().describe('Its name'),
  ...OneWay.shape,
  figures: z.array(FeatureFigures).describe('Of its features in these lists; empty before statistics are computed'),
})
export type ComparedSide = z.output<typeof ComparedSide>

export const MutualPair = z.strictObject({ a: Feature, b: Feature, cosine })
export type MutualPair = z.output<typeof MutualPair>

export const Comparison = z.strictObject({
  a: ComparedSide,
  b: ComparedSide,
  threshold: z.number().describe('The threshold of the request'),
  edges: z.array(z.number()).describe('Of the histograms; cosines below 0 count in the first bin'),
  mutual: z.int().describe('Features that are each other’s best match, at the threshold or above'),
  pairs: z.array(MutualPair).describe('Features that are each other’s best match, largest cosine first'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  computedAt: timestamp('When it was computed; weights never change, so it stays valid'),
})
export type Comparison = z.output<typeof Comparison>
