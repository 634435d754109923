/** Finding a feature by what a person types: its number, its label, or a token it fires on. */
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { vocabularyOf, type TokenMean } from './list'
import { labelsOfFeatures, NEWEST_LABELS, type Label } from './labels'
import type { Vocabulary } from '../models/vocabulary'

export interface FoundFeature {
  index: number
  /** Why it was found. */
  by: 'number' | 'label' | 'token'
  density: number
  maxActivation: number
  label: Label | null
  /** For `token`: the matching token it fires on most strongly. */
  token?: TokenMean
}

/** Spellings of the typed text that are looked up. */
const TOKENS = 50

type Found = Omit<FoundFeature, 'label'>

/**
 * The feature of that number first, then those whose label contains the text (the label itself, its beginning, inside),
 * then those that fire on a token like it: on the very text first, each by how strongly. Without statistics, none.
 */
export async function searchFeatures(
  database: Database,
  dictionary: DictionaryRow,
  text: string,
  limit = 20,
): Promise<FoundFeature[]> {
  const typed = text.trim()
  if (typed === '') return []
  const found = await Promise.all([
    byNumber(database, dictionary, typed),
    byLabel(database, dictionary, typed, limit),
    byToken(database, dictionary, typed, limit),
  ])
  const first = new Map<number, Found>()
  for (const feature of found.flat()) if (!first.has(feature.index)) first.set(feature.index, feature)
  const kept = [...first.values()].slice(0, limit)
  const labels = await labelsOfFeatures(
    database.pool,
    dictionary.id,
    kept.map(({ index }) => index),
  )
  return kept.map((feature) => ({ ...feature, label: labels.get(feature.index) ?? null }))
}

const COLUMNS = 'f.index, f.density, f.max_activation AS "maxActivation"'
type Columns = Pick<FoundFeature, 'index' | 'density' | 'maxActivation'>

async function byNumber({ pool }: Database, { id, dSae }: DictionaryRow, typed: string): Promise<Found[]> {
  const digits = /^#?(\d{1,9})$/.exec(typed)?.[1]
  if (digits === undefined || Number(digits) >= dSae) return []
  const { rows } = await pool.query<Columns>(
    `SELECT ${COLUMNS} FROM feature f WHERE f.dictionary_id = $1 AND f.index = $2`,
    [id, Number(digits)],
  )
  return rows.map((row) => ({ ...row, by: 'number' }))
}

async function byLabel({ pool }: Database, { id }: DictionaryRow, typed: string, limit: number): Promise<Found[]> {
  const { rows } = await pool.query<Columns>(
    `SELECT ${COLUMNS} FROM ${NEWEST_LABELS} AS l JOIN feature f ON f.dictionary_id = $1 AND f.index = l.feature,
       LATERAL (SELECT strpos(lower(l.text), lower($2::text)) AS place) AS at
     WHERE at.place > 0 ORDER BY lower(l.text) <> lower($2::text), at.place > 1, l.text, f.index LIMIT $3`,
    [id, typed, limit],
  )
  return rows.map((row) => ({ ...row, by: 'label' }))
}

async function byToken(database: Database, dictionary: DictionaryRow, typed: string, limit: number): Promise<Found[]> {
  const vocabulary = await vocabularyOf(database, dictionary)
  const tokens = vocabulary.search(typed, TOKENS)
  if (tokens.length === 0) return []
  const { rows } = await database.pool.query<Columns & { token: number; mean: number }>(
    `SELECT ${COLUMNS}, t.token, t.mean FROM (
       SELECT DISTINCT ON (feature) feature, token, mean, exact FROM (
         SELECT feature, token, mean, token = ANY($3::int4[]) AS exact FROM feature_token
         WHERE dictionary_id = $1 AND token = ANY($2::int4[])) AS matched
       ORDER BY feature, exact DESC, mean DESC, token) AS t
     JOIN feature f ON f.dictionary_id = $1 AND f.index = t.feature
     ORDER BY t.exact DESC, t.mean DESC, f.index LIMIT $4`,
    [dictionary.id, tokens, spellings(vocabulary, tokens, typed), limit],
  )
  return rows.map(({ token, mean, ...columns }) => ({
    ...columns,
    by: 'token',
    token: { token, text: vocabulary.textOf(token), mean },
  }))
}

/** Those of the tokens that are the text, whatever their case and spaces. */
function spellings(vocabulary: Vocabulary, tokens: readonly number[], typed: string): number[] {
  const wanted = typed.toLowerCase()
  return tokens.filter((token) => vocabulary.textOf(token).trim().toLowerCase() === wanted)
}
