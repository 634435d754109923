/** The SQL of a list of features: filters, sort keys, and the page behind a cursor. */
import type { FeatureCursor, FeatureQuery } from './querySchema'
import { NEWEST_LABELS } from './labels'

export interface ListSql {
  /** `f`: the feature; `l`: its label; `m`: its mean activation on the wanted tokens. The query joins what it needs. */
  from: string
  where: string[]
  /** `$1` is the dictionary. */
  values: unknown[]
  /** Expression of the match. */
  match: string
  isFiltered: boolean
}

export function featureFilters(dictionaryId: string, query: FeatureQuery): ListSql {
  const values: unknown[] = [dictionaryId]
  const place = (value: unknown) => `$${values.push(value)}`
  const from = ['feature f']
  const where = ['f.dictionary_id = $1']
  if (query.token) {
    const tokens = place(query.token)
    from.push(`JOIN (SELECT feature, max(mean) AS mean FROM feature_token
      WHERE dictionary_id = $1 AND token = ANY(${tokens}::int4[]) GROUP BY feature) AS m ON m.feature = f.index`)
  }
  if (query.sort === 'label' || query.label !== undefined || query.labelled !== undefined) {
    from.push(`LEFT JOIN ${NEWEST_LABELS} AS l ON l.feature = f.index AND l.text <> ''`)
  }
  const bounds: [number | undefined, string][] = [
    [query.minDensity, 'f.density >='],
    [query.maxDensity, 'f.density <='],
    [query.minMax, 'f.max_activation >='],
  ]
  for (const [bound, condition] of bounds) if (bound !== undefined) where.push(`${condition} ${place(bound)}::float4`)
  if (query.live !== undefined) where.push(query.live ? 'f.fire_count > 0' : 'f.fire_count = 0')
  if (query.label !== undefined) where.push(`strpos(lower(l.text), lower(${place(query.label)}::text)) > 0`)
  if (query.labelled !== undefined) where.push(`l.feature IS ${query.labelled ? 'NOT NULL' : 'NULL'}`)
  const isFiltered = where.length > 1 || query.token !== undefined
  return { from: from.join(' '), where, values, match: query.token ? 'm.mean' : 'NULL::float4', isFiltered }
}

type Place = (value: unknown) => string

interface SortKey {
  sql: string
  isNullable: boolean
  /** The condition for rows behind the cursor. */
  after(order: FeatureQuery['order'], cursor: FeatureCursor, place: Place): string
}

const beyond = (order: FeatureQuery['order']) => (order === 'asc' ? '>' : '<')

/** A number of single precision; features with equal numbers are ordered by index. */
function numeric(sql: string): SortKey {
  return {
    sql,
    isNullable: false,
    after: (order, { key, index }, place) =>
      `(${sql}, f.index) ${beyond(order)} (${place(key)}::float4, ${place(index)}::int4)`,
  }
}

/** Features without a label come last in both directions. */
function nullableText(sql: string): SortKey {
  return {
    sql,
    isNullable: true,
    after(order, { key, index }, place) {
      const by = beyond(order)
      if (key === null) return `(${sql} IS NULL AND f.index ${by} ${place(index)}::int4)`
      return `(${sql} IS NULL OR (${sql}, f.index) ${by} (${place(key)}::text, ${place(index)}::int4))`
    },
  }
}

const SORT_KEYS: Record<FeatureQuery['sort'], SortKey> = {
  index: {
    sql: 'f.index',
    isNullable: false,
    after: (order, { index }, place) => `f.index ${beyond(order)} ${place(index)}::int4`,
  },
  density: numeric('f.density'),
  max: numeric('f.max_activation'),
  mean: numeric('f.mean_activation'),
  label: nullableText('lower(l.text)'),
  match: numeric('m.mean'),
}

/** The statement and its values for one page and one row more. Only the packed rows of that page are read. */
export function pageQuery(
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
