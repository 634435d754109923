/** The rows of the three tables over a range of features, in batches, so that memory does not grow with the range. */
import type { TokenEffect } from '../../../trainer/dashboards/types'
import { shortFloat } from './floats'
import { currentLabel, readLabels, type StoredLabel } from './labels'
import { requireNotCancelled, type ExportSource, type FeatureRange } from './source'
import { storedExamples, storedFeatures, subranges, type StoredExample, type StoredFeature } from './stored'
import type { ActivationRow, FeatureRow, LabelRow, TableName } from './schema'

/** Rows of the features up to but not including `to`. */
export interface Batch<Row extends object = object> {
  to: number
  rows: Row[]
}

/** Features read at once: the figures of a feature take a few KB, its examples with their tokens about 100 KB. */
export const FEATURES_AT_ONCE = { features: 256, activations: 16, labels: 16_384 } as const satisfies Record<
  TableName,
  number
>

export async function* featureRows(source: ExportSource, range: FeatureRange): AsyncGenerator<Batch<FeatureRow>> {
  for (const part of subranges(range, FEATURES_AT_ONCE.features)) {
    const labels = await readLabels(source, part)
    const features = await storedFeatures(source, part)
    yield { to: part.to, rows: features.map((feature) => featureRow(source, feature, labels.get(feature.index))) }
  }
}

export async function* activationRows(source: ExportSource, range: FeatureRange): AsyncGenerator<Batch<ActivationRow>> {
  for (const part of subranges(range, FEATURES_AT_ONCE.activations)) {
    const examples = await storedExamples(source, part)
    yield { to: part.to, rows: examples.map((example) => activationRow(source, example)) }
  }
}

export async function* labelRows(source: ExportSource, range: FeatureRange): AsyncGenerator<Batch<LabelRow>> {
  for (const part of subranges(range, FEATURES_AT_ONCE.labels)) {
    requireNotCancelled(source)
    const rows: LabelRow[] = []
    for (const [feature, history] of await readLabels(source, part)) {
      const [newest, ...earlier] = history.map(labelFields)
      if (newest && currentLabel(history)) {
        rows.push({ dictionary: source.dictionary.name, feature, ...newest, history: earlier })
      }
    }
    yield { to: part.to, rows }
  }
}

/** The rows of each table. */
export const ROWS = { features: featureRows, activations: activationRows, labels: labelRows } as const satisfies Record<
  TableName,
  (source: ExportSource, range: FeatureRange) => AsyncGenerator<Batch>
>

function featureRow(
  { dictionary, vocabulary }: ExportSource,
  { index, density, statistics }: StoredFeature,
  history: StoredLabel[] | undefined,
): FeatureRow {
  const label = currentLabel(history)
  const effect = ({ token, logit }: TokenEffect) => ({
    text: vocabulary.textOf(token),
    token_id: token,
    logit: shortFloat(logit),
  })
  return {
    dictionary: dictionary.name,
    feature: index,
    density,
    fire_count: statistics.fireCount,
    tokens_counted: statistics.tokens,
    max_activation: shortFloat(statistics.maxActivation),
    mean_activation: shortFloat(statistics.meanActivation),
    label: label?.text ?? null,
    label_author: label?.author ?? null,
    top_tokens: statistics.topTokens.map(({ token, mean, fires, occurrences }) => ({
      text: vocabulary.textOf(token),
      token_id: token,
      mean: shortFloat(mean),
      fires,
      occurrences,
    })),
    logit_method: statistics.logits.method,
    promoted: statistics.logits.top.map(effect),
    suppressed: statistics.logits.bottom.map(effect),
    neighbours: statistics.neighbours.map(({ feature, cosine }) => ({ feature, cosine: shortFloat(cosine) })),
    histogram: statistics.histogram,
  }
}

function activationRow({ dictionary, vocabulary }: ExportSource, stored: StoredExample): ActivationRow {
  const { feature, group, rank, example, document, start, tokenIds, values } = stored
  return {
    dictionary: dictionary.name,
    feature: feature.index,
    example_group: group.name,
    rank,
    lower: group.interval ? shortFloat(group.interval.lower) : null,
    upper: group.interval ? shortFloat(group.interval.upper) : null,
    context: example.context,
    position: example.position,
    document,
    activation: shortFloat(example.activation),
    start,
    tokens: tokenIds.map((id) => vocabulary.textOf(id)),
    token_ids: tokenIds,
    values,
  }
}

function labelFields({ text, author, createdAt }: StoredLabel) {
  return { label: text, author, created_at: createdAt.toISOString() }
}
