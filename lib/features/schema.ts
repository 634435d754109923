/** What features are: lists, pages, figures, statistics over all of them, and the options that count them. */
import { z } from 'zod'
import { LOGIT_METHODS } from '../../trainer/dashboards/types'
import { timestamp, Named } from '../base/fields'
import type { JobDescription } from '../jobs/schema'

const index = z.int().min(0).describe('Index of the feature')
const token = z.int().min(0).describe('Token id')
const text = z.string().describe('The token as it appears in running text')
const density = z.number().describe('Share of the counted tokens on which it fires')
const maxActivation = z.number().describe('Largest activation over the counted tokens')

export const Label = z
  .strictObject({
    text: z.string().describe('What the feature is called; in a history, an empty text stands for a removal'),
    author: z.string().describe('Who wrote it'),
    createdAt: timestamp('When it was written'),
  })
  .describe('What a person calls the feature')
export type Label = z.output<typeof Label>

const columns = {
  index,
  density,
  fireCount: z.number().describe('Counted tokens on which it fires'),
  maxActivation,
  meanActivation: z.number().describe('Mean activation over the tokens on which it fires'),
}

export const TokenMean = z.strictObject({
  token,
  text,
  mean: z.number().describe('Mean activation over every occurrence of the token, silent ones included'),
})
export type TokenMean = z.output<typeof TokenMean>

export const ListedFeature = z.strictObject({
  ...columns,
  topTokens: z.array(TokenMean).describe('Tokens it fires on most strongly, strongest first; the limit is five'),
  label: Label.nullable(),
  match: z.number().optional().describe('With token or tokenText: largest mean activation on one of these tokens'),
})
export type ListedFeature = z.output<typeof ListedFeature>

export const FeatureList = z.strictObject({
  features: z.array(ListedFeature),
  next: z.string().nullable().describe('Send it as "after" to get the next page; null on the last one'),
  total: z.int().describe('Features that match; with a filter, counting stops at 10 000'),
  totalIsExact: z.boolean().describe('False where more features match than were counted'),
})
export type FeatureList = z.output<typeof FeatureList>

export const FoundFeature = z.strictObject({
  index,
  label: Label.nullable(),
  by: z.enum(['number', 'label', 'token']).describe('What matched'),
  why: z.string().describe('The same in words'),
  density,
  maxActivation,
  token: TokenMean.optional().describe('The matching token it fires on most strongly'),
})
export type FoundFeature = z.output<typeof FoundFeature>

export const FoundToken = z.strictObject({
  token,
  text,
  features: z.int().describe('Features that count it among the tokens they fire on most strongly'),
})
export type FoundToken = z.output<typeof FoundToken>

export const FeatureFigures = z.strictObject({
  feature: z.int().describe('Index of the feature'),
  density: z.number().describe('Share of the counted tokens on which it fires'),
  maxActivation: z.number().describe('Its largest activation over the counted tokens'),
  label: z.string().nullable().describe('Its label'),
  tokens: z.array(z.string()).describe('Texts of the tokens it fires on most strongly; the limit is three'),
})
export type FeatureFigures = z.output<typeof FeatureFigures>

export const ShownExample = z.strictObject({
  context: z.int().describe('Number of the context in the harvest'),
  document: z.int().nullable().describe('Number of the document in the corpus'),
  position: z.int().describe('Position in the context that the example stands for'),
  activation: z.number().describe('Activation at this position'),
  start: z
    .int()
    .describe('Position of the first token shown; position − start is the place of the example’s own token'),
  tokens: z
    .array(
      z.strictObject({ id: token, text, value: z.number().describe('Activation at this token; 0 where it is silent') }),
    )
    .describe('Without padding; empty when the contexts of the harvest no longer exist'),
  before: z.boolean().describe('Whether the context has more tokens before'),
  after: z.boolean().describe('Whether the context has more tokens after'),
})
export type ShownExample = z.output<typeof ShownExample>

export const ShownEffect = z.strictObject({
  token,
  text,
  logit: z.number().describe('Effect of one unit of activation'),
})
export type ShownEffect = z.output<typeof ShownEffect>
const neighbourIndex = z.int().nullable()

export const FeaturePage = z.strictObject({
  ...columns,
  tokens: z.number().describe('Tokens the statistics were counted over'),
  harvest: Named.describe('The texts they were counted over'),
  label: Label.nullable(),
  labelHistory: z.array(Label).describe('Newest first'),
  examples: z.strictObject({
    top: z.array(ShownExample).describe('Strongest first, one of each context'),
    intervals: z.array(
      z.strictObject({
        from: z.number().describe('Share of the feature’s activations'),
        to: z.number().describe('Share of the feature’s activations'),
        lower: z.number().describe('Activation at "from"'),
        upper: z.number().describe('Activation at "to"'),
        examples: z.array(ShownExample).describe('Drawn from the interval'),
      }),
    ),
    random: z.array(ShownExample).describe('Drawn from all tokens on which it fires'),
  }),
  histogram: z
    .strictObject({ edges: z.array(z.number()), counts: z.array(z.number()) })
    .describe('Firings by activation; one more edge than counts'),
  logits: z.strictObject({
    method: z
      .enum(LOGIT_METHODS)
      .describe('How the direct effect on the next token was computed; none where the hook has no direct path to it'),
    top: z.array(ShownEffect).describe('Most promoted first'),
    bottom: z.array(ShownEffect).describe('Most suppressed first'),
  }),
  neighbours: z.array(
    z.strictObject({
      feature: index,
      cosine: z.number().describe('Of the decoder directions'),
      density: density.nullable().describe('Null where the neighbour has no statistics yet'),
      label: Label.nullable(),
    }),
  ),
  topTokens: z.array(
    z.strictObject({
      ...TokenMean.shape,
      fires: z.int().describe('Occurrences on which it fires'),
      occurrences: z.int().describe('Occurrences among the counted tokens'),
    }),
  ),
  previous: neighbourIndex.describe('The nearest smaller index that has statistics'),
  next: neighbourIndex.describe('The nearest larger index that has statistics'),
})
export type FeaturePage = z.output<typeof FeaturePage>

export const ZipfFit = z
  .strictObject({
    exponent: z.number().describe('s of scale · (rank + offset)^−s'),
    offset: z.number().describe('Added to the rank'),
    scale: z.number().describe('Factor'),
    r2: z.number().describe('Share of the variance of log density that the law explains, on the ranks fitted'),
    ranks: z.int().describe('Ranks fitted: the first 90% of the live features'),
  })
  .nullable()
  .describe('Zipf law by least squares in log density; null where there is too little to fit')

export const FeatureSummary = z.strictObject({
  features: z.int().min(0).describe('features counted'),
  live: z.int().min(0).describe('features that fire at least once'),
  dead: z.int().min(0).describe('features that never fire'),
  tokens: z.number().min(0).describe('tokens the statistics were counted over'),
  density: z
    .strictObject({
      edges: z.array(z.number()).describe('bounds of the bins: log10 of the share of tokens a feature fires on'),
      counts: z.array(z.int().min(0)).describe('live features in each bin; the first one also holds rarer ones'),
    })
    .describe('histogram of the live features'),
  maxActivation: z
    .array(z.strictObject({ share: z.number(), value: z.number() }))
    .describe('quantiles of the largest activation of each live feature; empty where none is live'),
  zipf: ZipfFit.optional(),
})
export type FeatureSummary = z.output<typeof FeatureSummary>

const column = (what: string) => z.array(z.number()).describe(what)

export const DensityPicture = z.strictObject({
  source: z.enum(['run', 'features']).describe('Held-out tokens at the end of the run, or feature statistics'),
  tokens: z.number().describe('Tokens counted'),
  latents: z.int().describe('All latents'),
  live: z.int().describe('Latents that fire at least once'),
  histogram: z.strictObject({
    edges: column('Bounds of the bins: log10 of the share of tokens'),
    counts: column('Live latents in each bin; the first one also holds rarer ones'),
  }),
  byRank: z
    .strictObject({ rank: column('From 1, the densest'), density: column('Share of tokens') })
    .describe('Live latents, thinned to about 300, evenly on a logarithmic axis'),
  fit: ZipfFit,
  fitDoubt: z.string().nullable().describe('Why there is no fit, or why it says little; null for a reliable fit'),
})
export type DensityPicture = z.output<typeof DensityPicture>

/** Options of `loupe dashboards` and of the route that starts the same job. */
export const StatisticsOptions = z.strictObject({
  harvest: z.string().optional().describe('harvest to count over; default the one it was trained on'),
  tokens: z.int().positive().default(1_000_000).describe('limit of the tokens to count over'),
  seed: z.int().default(0).describe('which random examples are drawn'),
})
export type StatisticsOptions = z.output<typeof StatisticsOptions>

/** What the job returns. */
export const StatisticsResult = z.strictObject({
  features: z.int(),
  live: z.int(),
  tokens: z.number(),
  featuresPerSecond: z.number(),
})
export type StatisticsResult = z.output<typeof StatisticsResult>

/** Job `dashboards`, as the queue knows it: it counts the feature statistics. */
export const statisticsJob = {
  name: 'dashboards',
  unit: 'features',
  source: 'lib/features/job.ts',
  schema: z.strictObject({
    dictionary: z.uuid().describe('id of the dictionary'),
    harvest: z.uuid().describe('id of the harvest to count over'),
    shards: z.int().positive().describe('shards [0, shards) are counted'),
    seed: z.int().describe('which random examples are drawn'),
  }),
  subject: { table: 'feature_set', key: 'dictionary', column: 'dictionary_id' },
} satisfies JobDescription
