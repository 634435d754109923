/** Everything the page of one feature shows. */
import { EXAMPLE_WINDOW, type FeatureExample, type FeatureStatistics } from '../../trainer/dashboards/types'
import { LoupeError } from '../../trainer/errors'
import { readSingleContexts, type SingleContext } from '../../trainer/store/contexts'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { vocabularyOf } from '../dictionaries/vocabulary'
import type { Vocabulary } from '../models/vocabulary'
import { labelHistory, labelsOfFeatures, requireFeature } from './labels'
import { readDensities, requireFeatureRow } from './rows'
import type { FeaturePage, ShownExample } from './schema'

export interface PageOptions {
  /** Limit of the examples in each group. */
  examples?: number
  /** Tokens of an example before and after its own position. */
  window?: { before: number; after: number }
  /** Show as much of each context as activations are stored for, instead of a window. */
  full?: boolean
}

const EXAMPLES = 10
const WINDOW = { before: 24, after: 16 }
const FULL = { before: EXAMPLE_WINDOW, after: EXAMPLE_WINDOW }

/** Throws `not-found` for a feature that the dictionary does not have, or that has no statistics yet. */
export async function featurePage(
  database: Database,
  dictionary: DictionaryRow,
  index: number,
  { examples = EXAMPLES, window = WINDOW, full = false }: PageOptions = {},
): Promise<FeaturePage> {
  requireFeature(dictionary, index)
  const [row, history, vocabulary] = await Promise.all([
    requireFeatureRow(database, dictionary, index),
    labelHistory(database, dictionary, index),
    vocabularyOf(database, dictionary),
  ])
  const { statistics } = row
  const groups = limitGroups(statistics, examples)
  const [contexts, neighbours] = await Promise.all([
    readSingleContexts(database.pool, row, groups.contexts),
    readNeighbours(database, dictionary, statistics.neighbours),
  ])
  const show = exampleShower(contexts, vocabulary, full ? FULL : window)
  const withText = <T extends { token: number }>(item: T) => ({ ...item, text: vocabulary.textOf(item.token) })
  const { method, top, bottom } = statistics.logits
  return {
    index,
    density: row.density,
    fireCount: statistics.fireCount,
    maxActivation: statistics.maxActivation,
    meanActivation: statistics.meanActivation,
    tokens: statistics.tokens,
    harvest: { id: row.harvestId, name: row.harvestName },
    label: history[0]?.text ? history[0] : null,
    labelHistory: history,
    examples: {
      top: groups.top.map(show),
      intervals: groups.intervals.map(({ examples: shown, ...bounds }) => ({ ...bounds, examples: shown.map(show) })),
      random: groups.random.map(show),
    },
    histogram: { edges: histogramEdges(statistics), counts: statistics.histogram },
    logits: { method, top: top.map(withText), bottom: bottom.map(withText) },
    neighbours,
    topTokens: statistics.topTokens.map(withText),
    previous: row.previous,
    next: row.next,
  }
}

/** Like `featurePage`; undefined for a feature of the dictionary that has no statistics yet. */
export async function featurePageOrNone(
  database: Database,
  dictionary: DictionaryRow,
  index: number,
  options: PageOptions,
): Promise<FeaturePage | undefined> {
  requireFeature(dictionary, index)
  try {
    return await featurePage(database, dictionary, index, options)
  } catch (error) {
    if (error instanceof LoupeError && error.code === 'not-found') return undefined
    throw error
  }
}

function limitGroups({ top, intervals, random }: FeatureStatistics, limit: number) {
  const limited = {
    top: top.slice(0, limit),
    intervals: intervals.map((interval) => ({ ...interval, examples: interval.examples.slice(0, limit) })),
    random: random.slice(0, limit),
  }
  const all = [...limited.top, ...limited.intervals.flatMap(({ examples }) => examples), ...limited.random]
  return { ...limited, contexts: all.map(({ context }) => context) }
}

async function readNeighbours(
  database: Database,
  { id }: DictionaryRow,
  neighbours: FeatureStatistics['neighbours'],
): Promise<FeaturePage['neighbours']> {
  const indices = neighbours.map(({ feature }) => feature)
  const [densities, labels] = await Promise.all([
    readDensities(database, id, indices),
    labelsOfFeatures(database.pool, id, indices),
  ])
  return neighbours.map(({ feature, cosine }) => ({
    feature,
    cosine,
    density: densities.get(feature) ?? null,
    label: labels.get(feature) ?? null,
  }))
}

/** Equal bins over (0, largest activation]. */
function histogramEdges({ histogram, maxActivation }: FeatureStatistics): number[] {
  return Array.from({ length: histogram.length + 1 }, (_, edge) => (maxActivation * edge) / histogram.length)
}

/** Cuts a window out of an example's context. */
function exampleShower(
  contexts: ReadonlyMap<number, SingleContext>,
  vocabulary: Vocabulary,
  window: { before: number; after: number },
): (example: FeatureExample) => ShownExample {
  return ({ context, position, activation, positions, values }) => {
    const stored = contexts.get(context)
    const ids = stored?.tokens ?? new Int32Array(0)
    const padding = ids.indexOf(-1)
    const length = padding < 0 ? ids.length : padding
    const start = Math.max(0, position - window.before)
    const end = Math.min(length, position + window.after + 1)
    const valueAt = new Map(positions.map((at, entry) => [at, values[entry]!]))
    const tokens = Array.from({ length: Math.max(0, end - start) }, (_, offset) => {
      const id = ids[start + offset]!
      return { id, text: vocabulary.textOf(id), value: valueAt.get(start + offset) ?? 0 }
    })
    return {
      context,
      document: stored?.document ?? null,
      position,
      activation,
      start,
      tokens,
      before: start > 0,
      after: end < length,
    }
  }
}
