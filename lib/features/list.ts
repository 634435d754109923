/** Features of a dictionary as a list: sorted, filtered, page by page. */
import type { z } from 'zod'
import { unpackFeature } from '../../trainer/dashboards/pack'
import { LoupeError } from '../../trainer/errors'
import { encodeCursor } from '../base/cursor'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { FeatureQuery, readFeatureCursor, type FeatureCursor } from './query'
import { featureFilters, SORT_KEYS, type ListSql } from './rows'
import { labelsOfFeatures, type Label } from './labels'
import { createVocabulary, readVocabulary, type Vocabulary } from '../models/vocabulary'

export interface TokenMean {
  token: number
  text: string
  /** Mean activation over every occurrence of the token. */
  mean: number
}

export interface ListedFeature {
  index: number
  /** Share of tokens on which it fires. */
  density: number
  fireCount: number
  maxActivation: number
  meanActivation: number
  /** Strongest first, five at most. */
  topTokens: TokenMean[]
  label: Label | null
  /** With `token`: the largest mean activation on one of these tokens. */
  match?: number
}

export interface FeatureList {
  features: ListedFeature[]
  /** Cursor of the next page; null on the last one. */
  next: string | null
  /** Features that fit; at most 10 000 are counted where there is a filter. */
  total: number
  totalIsExact: boolean
}

const TOP_TOKENS = 5
const MOST_COUNTED = 10_000

interface StoredFeature extends Omit<ListedFeature, 'topTokens' | 'label' | 'match'> {
  packed: Buffer
  key: number | string | null
  match: number | null
}

/** One page of the features that fit the query. Throws `bad-usage` for a sort that does not go with it. */
export async function listFeatures(
  database: Database,
  dictionary: DictionaryRow,
  given: z.input<typeof FeatureQuery>,
): Promise<FeatureList> {
  const query = FeatureQuery.parse(given)
  if (query.sort === 'match' && !query.token) {
    throw new LoupeError('bad-usage', 'sorting by match needs the tokens to match', { remedy: 'give token ids' })
  }
  const cursor = readFeatureCursor(query)
  const filters = featureFilters(dictionary.id, query)
  const [{ rows }, total] = await Promise.all([
    database.pool.query<StoredFeature>(...pageQuery(filters, query, cursor)),
    cursor?.total ?? countFeatures(database, dictionary, filters),
  ])
  const page = rows.slice(0, query.limit)
  const [labels, vocabulary] = await Promise.all([
    labelsOfFeatures(
      database.pool,
      dictionary.id,
      page.map(({ index }) => index),
    ),
    vocabularyOf(database, dictionary),
  ])
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    features: page.map((row) => listedFeature(row, labels, vocabulary)),
    next: last ? encodeCursor({ sort: query.sort, order: query.order, key: last.key, index: last.index, total }) : null,
    total: filters.isFiltered ? Math.min(total, MOST_COUNTED) : total,
    totalIsExact: !filters.isFiltered || total <= MOST_COUNTED,
  }
}

/** The narrow columns are sorted; the packed rows of one page alone are read. */
function pageQuery(
  filters: ListSql,
  { sort, order, limit }: FeatureQuery,
  cursor: FeatureCursor | undefined,
): [string, unknown[]] {
  const key = SORT_KEYS[sort]
  const values = [...filters.values]
  const place = (value: unknown) => `$${values.push(value)}`
  const where = cursor ? [...filters.where, key.after(order, cursor, place)] : filters.where
  const direction = order === 'asc' ? 'ASC' : 'DESC'
  const by = sort === 'index' ? [] : [`${key.sql} ${direction}${key.isNullable ? ' NULLS LAST' : ''}`]
  const text = `
    SELECT f.index, f.density, f.fire_count::float8 AS "fireCount", f.max_activation AS "maxActivation",
           f.mean_activation AS "meanActivation", f.packed, ${key.sql} AS key, ${filters.match} AS match
    FROM ${filters.from} WHERE ${where.join(' AND ')}
    ORDER BY ${[...by, `f.index ${direction}`].join(', ')} LIMIT ${place(limit + 1)}`
  return [text, values]
}

async function countFeatures(
  { pool, prisma }: Database,
  { id }: DictionaryRow,
  { from, where, values, isFiltered }: ListSql,
): Promise<number> {
  if (!isFiltered) {
    const set = await prisma.featureSet.findUnique({ where: { dictionaryId: id }, select: { summary: true } })
    const summary = set?.summary as { features: number } | null | undefined
    if (summary) return summary.features
  }
  const limit = isFiltered ? `LIMIT ${MOST_COUNTED + 1}` : ''
  const { rows } = await pool.query<{ total: number }>(
    `SELECT count(*)::int AS total FROM (SELECT FROM ${from} WHERE ${where.join(' AND ')} ${limit}) AS found`,
    values,
  )
  return rows[0]!.total
}

function listedFeature(
  { packed, match, ...stored }: StoredFeature,
  labels: ReadonlyMap<number, Label>,
  vocabulary: Vocabulary,
): ListedFeature {
  const { index, density, fireCount, maxActivation, meanActivation } = stored
  const { topTokens } = unpackFeature(packed, index)
  return {
    index,
    density,
    fireCount,
    maxActivation,
    meanActivation,
    topTokens: topTokens
      .slice(0, TOP_TOKENS)
      .map(({ token, mean }) => ({ token, text: vocabulary.textOf(token), mean })),
    label: labels.get(index) ?? null,
    ...(match === null ? {} : { match }),
  }
}

/** Texts for the tokens of a dictionary; one that is attached to no model has none. */
export async function vocabularyOf(database: Database, { modelId }: DictionaryRow): Promise<Vocabulary> {
  return modelId ? readVocabulary(database, modelId) : createVocabulary([])
}

/** Draws with which a live feature is looked for before the search goes through the indices. */
const DRAWS = 32

/** A feature at random; with `live`, one that fires. Throws `not-found` when there is none. */
export async function randomFeature(
  { pool }: Database,
  dictionary: DictionaryRow,
  { live }: { live: boolean },
): Promise<number> {
  const draws = Array.from({ length: DRAWS }, () => Math.floor(Math.random() * dictionary.dSae))
  const { rows } = await pool.query<{ index: number }>(
    `(SELECT f.index FROM unnest($2::int4[]) WITH ORDINALITY AS drawn (index, place)
      JOIN feature f ON f.dictionary_id = $1 AND f.index = drawn.index
      WHERE f.fire_count >= $3 ORDER BY drawn.place LIMIT 1)
     UNION ALL (SELECT index FROM feature WHERE dictionary_id = $1 AND fire_count >= $3 ORDER BY index LIMIT 1)`,
    [dictionary.id, draws, live ? 1 : 0],
  )
  if (rows[0]) return rows[0].index
  throw noStatistics(dictionary, live ? 'no feature that fires is known' : 'no feature is known')
}

export function noStatistics({ name }: DictionaryRow, what: string): LoupeError {
  return new LoupeError('not-found', `${what} of the dictionary ${name}`, {
    remedy: `compute its statistics: loupe dashboards --dictionary ${name}`,
  })
}
