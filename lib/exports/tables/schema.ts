/**
 * The three tables of a feature export, one schema each. The types of rows, the columns of every format and the
 * description in `docs/export.md` follow from them. Activations are float32, written in the shortest decimal form that
 * gives the same float32 again.
 */
import { z } from 'zod'

const count = (text: string) => z.int().min(0).describe(text)
const dictionary = z.string().describe('name of the dictionary')
const feature = z.int32().min(0).describe('index of the feature')

const TokenLogit = z.strictObject({
  text: z.string().describe('text of the token, spaces kept'),
  token_id: z.int32().describe('id of the token'),
  logit: z.float32().describe('direct effect of one unit of the feature on the logit'),
})

export const FeatureRow = z.strictObject({
  dictionary,
  feature,
  density: z.float32().describe('share of the counted tokens on which the feature fires, 0 to 1'),
  fire_count: count('counted tokens on which the feature fires'),
  tokens_counted: count('tokens counted: no padding, no first positions, no attention sinks'),
  max_activation: z
    .float32()
    .describe('largest activation, in units of the dictionary; 0 for a feature that never fires'),
  mean_activation: z.float32().describe('mean activation over the firings; 0 for a feature that never fires'),
  label: z.string().nullable().describe('current label; null without one'),
  label_author: z.string().nullable().describe('who wrote the current label'),
  top_tokens: z
    .array(
      z.strictObject({
        text: z.string().describe('text of the token, spaces kept'),
        token_id: z.int32().describe('id of the token'),
        mean: z.float32().describe('mean activation over every occurrence of the token, silent ones included'),
        fires: count('occurrences on which the feature fires'),
        occurrences: count('occurrences among the counted tokens'),
      }),
    )
    .describe('tokens with the largest mean activation, strongest first'),
  logit_method: z.string().describe('how token effects were computed: final-norm+unembedding, unembedding or none'),
  promoted: z.array(TokenLogit).describe('tokens whose logits the feature raises most, strongest first'),
  suppressed: z.array(TokenLogit).describe('tokens whose logits the feature lowers most, strongest first'),
  neighbours: z
    .array(
      z.strictObject({
        feature: z.int32().describe('index of the other feature'),
        cosine: z.float32().describe('cosine of the two decoder directions'),
      }),
    )
    .describe('features with the most similar decoder directions, nearest first'),
  histogram: z.array(count('firings')).describe('firings in equal bins of activation over (0, max_activation]'),
})
export type FeatureRow = z.output<typeof FeatureRow>

export const ActivationRow = z.strictObject({
  dictionary,
  feature,
  example_group: z
    .string()
    .describe('how the example was chosen: top, random, or e.g. quantile 0.5-0.9 of the firings'),
  rank: z.int32().describe('rank within its group from 0, strongest first'),
  lower: z.float32().nullable().describe('smallest activation of the quantile group; null for the others'),
  upper: z.float32().nullable().describe('largest activation of the quantile group; null for the others'),
  context: z.int32().describe('number of the context in the harvest'),
  position: z.int32().describe('position of the example in the context, counted from 0'),
  document: z.int32().describe('number of the document of the context'),
  activation: z.float32().describe('activation at the position; exact to max_activation / 65535'),
  start: z.int32().describe('position in the context of the first token of the window'),
  tokens: z
    .array(z.string().describe('text'))
    .describe('texts of the window: the context without padding, up to 128 tokens on each side of the position'),
  token_ids: z.array(z.int32().describe('id')).describe('ids of the same tokens'),
  values: z
    .array(z.float32().describe('activation'))
    .describe('activations on the same tokens; 0 where the feature is silent or the token is not counted'),
})
export type ActivationRow = z.output<typeof ActivationRow>

const labelFields = {
  label: z.string().describe('text of the label; an empty text in a history removed the label'),
  author: z.string().describe('who wrote it'),
  created_at: z.iso.datetime().describe('when it was written, UTC'),
}

export const LabelRow = z.strictObject({
  dictionary,
  feature,
  ...labelFields,
  history: z.array(z.strictObject(labelFields)).describe('earlier labels of the feature, newest first'),
})
export type LabelRow = z.output<typeof LabelRow>

/** In the order of the page and the help. */
export const TABLES = { features: FeatureRow, activations: ActivationRow, labels: LabelRow } as const
export type TableName = keyof typeof TABLES
export const TABLE_NAMES = Object.keys(TABLES) as TableName[]
