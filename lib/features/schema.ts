/** What the API says of features. */
import { z } from 'zod'
import { LOGIT_METHODS } from '../../trainer/dashboards/types'

const index = z.int().min(0).describe('Index of the feature')
const token = z.int().min(0).describe('Token id')
const text = z.string().describe('The token as it appears in running text')
const density = z.number().describe('Share of the counted tokens on which it fires')
const maxActivation = z.number().describe('Largest activation over the counted tokens')

export const Label = z
  .strictObject({
    text: z.string().describe('What the feature is called; in a history, an empty text stands for a removal'),
    author: z.string().describe('Who said so'),
    createdAt: z.iso.datetime().describe('When'),
  })
  .describe('What a person calls the feature')

const columns = {
  index,
  density,
  fireCount: z.number().describe('Counted tokens on which it fires'),
  maxActivation,
  meanActivation: z.number().describe('Mean activation over the tokens on which it fires'),
}

const TokenMean = z.strictObject({
  token,
  text,
  mean: z.number().describe('Mean activation over every occurrence of the token, silent ones included'),
})

export const FeatureList = z.strictObject({
  features: z.array(
    z.strictObject({
      ...columns,
      topTokens: z.array(TokenMean).describe('Tokens it fires on most strongly, at most five'),
      label: Label.nullable(),
      match: z.number().optional().describe('With token or tokenText: largest mean activation on one of these tokens'),
    }),
  ),
  next: z.string().nullable().describe('Give it as "after" for the next page; null on the last one'),
  total: z.int().describe('Features that fit; with a filter, at most 10 000 are counted'),
  totalIsExact: z.boolean().describe('False where there are more than were counted'),
})

export const FoundFeature = z.strictObject({
  index,
  label: Label.nullable(),
  by: z.enum(['number', 'label', 'token']).describe('What matched'),
  why: z.string().describe('The same in words'),
  density,
  maxActivation,
  token: TokenMean.optional().describe('The matching token it fires on most strongly'),
})

export const FoundToken = z.strictObject({
  token,
  text,
  features: z.int().describe('Features that count it among the tokens they fire on most strongly'),
})

const Example = z.strictObject({
  context: z.int().describe('Number of the context in the harvest'),
  document: z.int().nullable().describe('Number of the document in the corpus'),
  position: z.int().describe('Position in the context that the example stands for'),
  activation: z.number().describe('Activation at this position'),
  start: z.int().describe('Position of the first token given'),
  tokens: z.array(
    z.strictObject({ id: token, text, value: z.number().describe('Activation at this token; 0 where it is silent') }),
  ),
  before: z.boolean().describe('Whether the context has more before'),
  after: z.boolean().describe('Whether the context has more after'),
})

const Effect = z.strictObject({ token, text, logit: z.number().describe('Effect of one unit of activation') })
const neighbourIndex = z.int().nullable()

export const FeaturePage = z.strictObject({
  ...columns,
  tokens: z.number().describe('Tokens the statistics were counted over'),
  harvest: z.strictObject({ id: z.string(), name: z.string() }).describe('The texts they were counted over'),
  label: Label.nullable(),
  labelHistory: z.array(Label).describe('Newest first'),
  examples: z.strictObject({
    top: z.array(Example).describe('Strongest first, one of each context'),
    intervals: z.array(
      z.strictObject({
        from: z.number().describe('Share of its own activations'),
        to: z.number().describe('Share of its own activations'),
        lower: z.number().describe('Activation at "from"'),
        upper: z.number().describe('Activation at "to"'),
        examples: z.array(Example).describe('Drawn from the interval'),
      }),
    ),
    random: z.array(Example).describe('Drawn from all tokens on which it fires'),
  }),
  histogram: z
    .strictObject({ edges: z.array(z.number()), counts: z.array(z.number()) })
    .describe('Firings by activation; one more edge than counts'),
  logits: z.strictObject({
    method: z
      .enum(LOGIT_METHODS)
      .describe('How the direct effect on the next token was computed; none where the hook has no direct path to it'),
    top: z.array(Effect).describe('Most promoted first'),
    bottom: z.array(Effect).describe('Most suppressed first'),
  }),
  neighbours: z.array(
    z.strictObject({
      feature: index,
      cosine: z.number().describe('Of the decoder directions'),
      density: density.nullable(),
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
