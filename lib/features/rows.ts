/** Statistics of single features: the tables `feature` and `feature_token`. */
import { unpackFeature } from '../../trainer/dashboards/pack'
import type { FeatureStatistics } from '../../trainer/dashboards/types'
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { NEWEST_LABELS } from './labels'
import { featureFilters, pageQuery, type ListSql } from './query'
import type { FeatureCursor, FeatureQuery } from './querySchema'
import type { ListedFeature } from './schema'
import { readFeatureSet } from './sets'

export function noStatistics({ name }: Pick<DictionaryRow, 'name'>, what: string): LoupeError {
  return new LoupeError('not-found', `${what} of the dictionary ${name}`, {
    remedy: `compute its statistics: loupe dashboards --dictionary ${name}`,
  })
}

/** A filtered list counts this many features and no more. */
export const COUNT_LIMIT = 10_000

export interface ListRow extends Omit<ListedFeature, 'topTokens' | 'label' | 'match'> {
  packed: Buffer
  key: number | string | null
  match: number | null
}

/**
 * One page of a list, with one row more where there is a next page.
 * @returns in `total` how many features match; with a filter `COUNT_LIMIT + 1` stands for more
 */
export async function readListPage(
  database: Database,
  dictionaryId: string,
  query: FeatureQuery,
  cursor: FeatureCursor | undefined,
): Promise<{ rows: ListRow[]; total: number; isFiltered: boolean }> {
  const filters = featureFilters(dictionaryId, query)
  const [{ rows }, total] = await Promise.all([
    database.pool.query<ListRow>(...pageQuery(filters, query, cursor)),
    cursor?.total ?? countFeatures(database, dictionaryId, filters),
  ])
  return { rows, total, isFiltered: filters.isFiltered }
}

async function countFeatures(
  database: Database,
  dictionaryId: string,
  { from, where, values, isFiltered }: ListSql,
): Promise<number> {
  if (!isFiltered) {
    const set = await readFeatureSet(database, dictionaryId)
    if (set?.summary) return set.summary.features
  }
  const limit = isFiltered ? `LIMIT ${COUNT_LIMIT + 1}` : ''
  const { rows } = await database.pool.query<{ total: number }>(
    `SELECT count(*)::int AS total FROM (SELECT FROM ${from} WHERE ${where.join(' AND ')} ${limit}) AS matching`,
    values,
  )
  return rows[0]!.total
}

export interface PageRow {
  density: number
  statistics: FeatureStatistics
  /** The nearest features on both sides that have statistics. */
  previous: number | null
  next: number | null
  harvestId: string
  harvestName: string
  contextSize: number
  contextsPerShard: number
}

/** One feature with all its statistics. Throws `not-found` where it has no statistics. */
export async function requireFeatureRow(
  { pool }: Database,
  dictionary: DictionaryRow,
  index: number,
): Promise<PageRow> {
  const { rows } = await pool.query<Omit<PageRow, 'statistics'> & { packed: Buffer }>(
    `SELECT f.density, f.packed, h.id AS "harvestId", h.name AS "harvestName", h.context_size AS "contextSize",
            h.contexts_per_shard AS "contextsPerShard",
            (SELECT max(index) FROM feature WHERE dictionary_id = $1 AND index < $2) AS previous,
            (SELECT min(index) FROM feature WHERE dictionary_id = $1 AND index > $2) AS next
     FROM feature f JOIN feature_set s ON s.dictionary_id = f.dictionary_id JOIN harvest h ON h.id = s.harvest_id
     WHERE f.dictionary_id = $1 AND f.index = $2`,
    [dictionary.id, index],
  )
  if (!rows[0]) throw noStatistics(dictionary, `there are no statistics of feature ${index}`)
  const { packed, ...row } = rows[0]
  return { ...row, statistics: unpackFeature(packed, index) }
}

export interface FigureRow {
  feature: number
  density: number
  maxActivation: number
  statistics: FeatureStatistics
}

/** Some features in the order of their indices; those without statistics are left out. */
export async function readFigureRows(
  { pool }: Database,
  dictionaryId: string,
  features: readonly number[],
): Promise<FigureRow[]> {
  const { rows } = await pool.query<Omit<FigureRow, 'statistics'> & { packed: Buffer }>(
    `SELECT index AS feature, density, max_activation AS "maxActivation", packed FROM feature
     WHERE dictionary_id = $1 AND index = ANY($2::int4[]) ORDER BY index`,
    [dictionaryId, features],
  )
  return rows.map(({ packed, ...row }) => ({ ...row, statistics: unpackFeature(packed, row.feature) }))
}

/** Densities of some features, by index. */
export async function readDensities(
  { pool }: Database,
  dictionaryId: string,
  features: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ index: number; density: number }>(
    'SELECT index, density FROM feature WHERE dictionary_id = $1 AND index = ANY($2::int4[])',
    [dictionaryId, features],
  )
  return new Map(rows.map(({ index, density }) => [index, density]))
}

/** Random draws for a live feature; after them, the first live one by index is returned. */
const DRAWS = 32

/** A random feature; with `live`, a feature that fires. Throws `not-found` when the dictionary has no statistics of one. */
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

export interface MatchRow {
  index: number
  density: number
  maxActivation: number
}

const MATCH_COLUMNS = 'f.index, f.density, f.max_activation AS "maxActivation"'

export async function matchNumber({ pool }: Database, dictionaryId: string, index: number): Promise<MatchRow[]> {
  const { rows } = await pool.query<MatchRow>(
    `SELECT ${MATCH_COLUMNS} FROM feature f WHERE f.dictionary_id = $1 AND f.index = $2`,
    [dictionaryId, index],
  )
  return rows
}

/** Features whose label contains the text: the label itself first, then its beginning, then inside. */
export async function matchLabel(
  { pool }: Database,
  dictionaryId: string,
  text: string,
  limit: number,
): Promise<MatchRow[]> {
  const { rows } = await pool.query<MatchRow>(
    `SELECT ${MATCH_COLUMNS} FROM ${NEWEST_LABELS} AS l JOIN feature f ON f.dictionary_id = $1 AND f.index = l.feature,
       LATERAL (SELECT strpos(lower(l.text), lower($2::text)) AS place) AS at
     WHERE at.place > 0 ORDER BY lower(l.text) <> lower($2::text), at.place > 1, l.text, f.index LIMIT $3`,
    [dictionaryId, text, limit],
  )
  return rows
}

/** Features that fire most strongly on one of the tokens: on an exact one first, then by mean activation. */
export async function matchTokens(
  { pool }: Database,
  dictionaryId: string,
  { tokens, exact, limit }: { tokens: readonly number[]; exact: readonly number[]; limit: number },
): Promise<(MatchRow & { token: number; mean: number })[]> {
  const { rows } = await pool.query<MatchRow & { token: number; mean: number }>(
    `SELECT ${MATCH_COLUMNS}, t.token, t.mean FROM (
       SELECT DISTINCT ON (feature) feature, token, mean, exact FROM (
         SELECT feature, token, mean, token = ANY($3::int4[]) AS exact FROM feature_token
         WHERE dictionary_id = $1 AND token = ANY($2::int4[])) AS matched
       ORDER BY feature, exact DESC, mean DESC, token) AS t
     JOIN feature f ON f.dictionary_id = $1 AND f.index = t.feature
     ORDER BY t.exact DESC, t.mean DESC, f.index LIMIT $4`,
    [dictionaryId, tokens, exact, limit],
  )
  return rows
}

/** For each of the tokens: how many features count it among the tokens they fire on most strongly. */
export async function countFeaturesByToken(
  { pool }: Database,
  dictionaryId: string,
  tokens: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ token: number; features: number }>(
    `SELECT token, count(*)::int AS features FROM feature_token
     WHERE dictionary_id = $1 AND token = ANY($2::int4[]) GROUP BY token`,
    [dictionaryId, tokens],
  )
  return new Map(rows.map(({ token, features }) => [token, features]))
}
