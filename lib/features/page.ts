/** Everything the page of one feature shows. */
import { unpackFeature } from '../../trainer/dashboards/pack'
import {
  EXAMPLE_WINDOW,
  type FeatureExample,
  type FeatureStatistics,
  type LogitMethod,
} from '../../trainer/dashboards/types'
import { readSingleContexts, type SingleContext } from '../../trainer/store/contexts'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { noStatistics, vocabularyOf } from './list'
import { labelHistory, labelsOfFeatures, requireFeature, type Label } from './labels'
import type { Vocabulary } from '../models/vocabulary'

export interface PageOptions {
  /** Most examples of each group. */
  examples?: number
  /** Tokens of an example before and after its own position. */
  window?: { before: number; after: number }
  /** Show as much of each context as activations are stored for, instead of a window. */
  full?: boolean
}

export interface ShownToken {
  id: number
  text: string
  /** The feature's activation; 0 where it is silent. */
  value: number
}

export interface ShownExample {
  /** Number of the context in the harvest. */
  context: number
  /** Number of the document the context was taken from. */
  document: number | null
  /** Position in the context that the example stands for. */
  position: number
  activation: number
  /** Position of the first token shown; `position - start` is the place of the example's own token. */
  start: number
  /** Without padding; empty when the harvest's contexts are gone. */
  tokens: ShownToken[]
  /** Whether the context goes on before and after what is shown. */
  before: boolean
  after: boolean
}

export interface ShownInterval {
  /** Shares of the feature's own activations, and the activations at these shares. */
  from: number
  to: number
  lower: number
  upper: number
  examples: ShownExample[]
}

export interface FeaturePage {
  index: number
  density: number
  fireCount: number
  maxActivation: number
  meanActivation: number
  /** Tokens the statistics were counted over. */
  tokens: number
  harvest: { id: string; name: string }
  label: Label | null
  /** Newest first; an empty text stands for a removal. */
  labelHistory: Label[]
  examples: { top: ShownExample[]; intervals: ShownInterval[]; random: ShownExample[] }
  /** Firings by activation: one more edge than counts. */
  histogram: { edges: number[]; counts: number[] }
  logits: { method: LogitMethod; top: ShownEffect[]; bottom: ShownEffect[] }
  neighbours: ShownNeighbour[]
  topTokens: { token: number; text: string; mean: number; fires: number; occurrences: number }[]
  /** The nearest features on both sides that have statistics. */
  previous: number | null
  next: number | null
}

export interface ShownEffect {
  token: number
  text: string
  logit: number
}

export interface ShownNeighbour {
  feature: number
  cosine: number
  /** Null where the neighbour has no statistics yet. */
  density: number | null
  label: Label | null
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
    readRow(database, dictionary, index),
    labelHistory(database, dictionary, index),
    vocabularyOf(database, dictionary),
  ])
  const statistics = unpackFeature(row.packed, index)
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
      intervals: groups.intervals.map(({ examples: own, ...bounds }) => ({ ...bounds, examples: own.map(show) })),
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

interface PageRow {
  density: number
  packed: Buffer
  previous: number | null
  next: number | null
  harvestId: string
  harvestName: string
  contextSize: number
  contextsPerShard: number
}

async function readRow({ pool }: Database, dictionary: DictionaryRow, index: number): Promise<PageRow> {
  const { rows } = await pool.query<PageRow>(
    `SELECT f.density, f.packed, h.id AS "harvestId", h.name AS "harvestName", h.context_size AS "contextSize",
            h.contexts_per_shard AS "contextsPerShard",
            (SELECT max(index) FROM feature WHERE dictionary_id = $1 AND index < $2) AS previous,
            (SELECT min(index) FROM feature WHERE dictionary_id = $1 AND index > $2) AS next
     FROM feature f JOIN feature_set s ON s.dictionary_id = f.dictionary_id JOIN harvest h ON h.id = s.harvest_id
     WHERE f.dictionary_id = $1 AND f.index = $2`,
    [dictionary.id, index],
  )
  if (rows[0]) return rows[0]
  throw noStatistics(dictionary, `there are no statistics of feature ${index}`)
}

function limitGroups({ top, intervals, random }: FeatureStatistics, most: number) {
  const limited = {
    top: top.slice(0, most),
    intervals: intervals.map((interval) => ({ ...interval, examples: interval.examples.slice(0, most) })),
    random: random.slice(0, most),
  }
  const all = [...limited.top, ...limited.intervals.flatMap(({ examples }) => examples), ...limited.random]
  return { ...limited, contexts: all.map(({ context }) => context) }
}

async function readNeighbours(
  { pool }: Database,
  { id }: DictionaryRow,
  neighbours: FeatureStatistics['neighbours'],
): Promise<ShownNeighbour[]> {
  const indices = neighbours.map(({ feature }) => feature)
  const [{ rows }, labels] = await Promise.all([
    pool.query<{ index: number; density: number }>(
      'SELECT index, density FROM feature WHERE dictionary_id = $1 AND index = ANY($2::int4[])',
      [id, indices],
    ),
    labelsOfFeatures(pool, id, indices),
  ])
  const densities = new Map(rows.map(({ index, density }) => [index, density]))
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
    const found = contexts.get(context)
    const ids = found?.tokens ?? new Int32Array(0)
    const padding = ids.indexOf(-1)
    const length = padding < 0 ? ids.length : padding
    const start = Math.max(0, position - window.before)
    const end = Math.min(length, position + window.after + 1)
    const valueAt = new Map(positions.map((at, entry) => [at, values[entry]!]))
    const tokens = Array.from({ length: Math.max(0, end - start) }, (_, offset) => {
      const id = ids[start + offset]!
      return { id, text: vocabulary.textOf(id), value: valueAt.get(start + offset) ?? 0 }
    })
    const around = { before: start > 0, after: end < length }
    return { context, document: found?.document ?? null, position, activation, start, tokens, ...around }
  }
}
