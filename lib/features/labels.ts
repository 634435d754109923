/** Labels of features. Every change is kept: the newest row of a feature counts, an empty text removes the label. */
import type { Pool } from 'pg'
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { cleanText } from '../base/text'
import type { Label } from './schema'

export interface FeatureLabel extends Label {
  feature: number
}

const LONGEST_LABEL = 500
const LONGEST_AUTHOR = 120

/** The newest row of each feature, as a subquery; `$1` is the dictionary. Rows with an empty text are removals. */
export const NEWEST_LABELS = `(SELECT DISTINCT ON (feature) feature, text, author, created_at FROM label
  WHERE dictionary_id = $1 ORDER BY feature, created_at DESC, id DESC)`

/** Sets, changes or (with an empty text) removes the label of a feature; returns its new label. */
export async function setLabel(
  { pool }: Database,
  dictionary: DictionaryRow,
  feature: number,
  text: string,
  author: string,
): Promise<Label | null> {
  requireFeature(dictionary, feature)
  const label = cleanText('a label', text, { longest: LONGEST_LABEL })
  const by = cleanText('an author', author, { longest: LONGEST_AUTHOR, shortest: 1 })
  // Always later than the previous row, so that it is clear which one is newest.
  const { rows } = await pool.query<{ created_at: Date }>(
    `INSERT INTO label (dictionary_id, feature, text, author, created_at)
     SELECT $1, $2, $3, $4, greatest(clock_timestamp(), max(created_at) + interval '1 millisecond')
     FROM label WHERE dictionary_id = $1 AND feature = $2
     RETURNING created_at`,
    [dictionary.id, feature, label, by],
  )
  return label === '' ? null : { text: label, author: by, createdAt: rows[0]!.created_at.toISOString() }
}

/** All labels a feature has had, newest first; an empty text stands for a removal. */
export async function labelHistory({ pool }: Database, dictionary: DictionaryRow, feature: number): Promise<Label[]> {
  const { rows } = await pool.query<StoredLabel>(
    `SELECT text, author, created_at FROM label WHERE dictionary_id = $1 AND feature = $2
     ORDER BY created_at DESC, id DESC`,
    [dictionary.id, feature],
  )
  return rows.map(({ text, author, created_at }) => ({ text, author, createdAt: created_at.toISOString() }))
}

/** The label of every labelled feature, by feature. */
export async function labelsOf({ pool }: Database, dictionary: DictionaryRow): Promise<FeatureLabel[]> {
  return queryLabels(pool, `SELECT * FROM ${NEWEST_LABELS} AS newest WHERE text <> '' ORDER BY feature`, [
    dictionary.id,
  ])
}

/** Labels of some features, by feature; those without one are absent. */
export async function labelsOfFeatures(
  pool: Pool,
  dictionaryId: string,
  features: readonly number[],
): Promise<Map<number, Label>> {
  const labels = await queryLabels(
    pool,
    `SELECT wanted.feature, newest.* FROM unnest($2::int4[]) AS wanted (feature),
       LATERAL (SELECT text, author, created_at FROM label WHERE dictionary_id = $1 AND feature = wanted.feature
                ORDER BY created_at DESC, id DESC LIMIT 1) AS newest
     WHERE newest.text <> ''`,
    [dictionaryId, features],
  )
  return new Map(labels.map(({ feature, ...label }) => [feature, label]))
}

interface StoredLabel {
  text: string
  author: string
  created_at: Date
}

async function queryLabels(pool: Pool, text: string, values: unknown[]): Promise<FeatureLabel[]> {
  const { rows } = await pool.query<{ feature: number; text: string; author: string; created_at: Date }>(text, values)
  return rows.map(({ feature, created_at, ...label }) => ({ feature, ...label, createdAt: created_at.toISOString() }))
}

/** Throws `not-found` for a feature that the dictionary does not have. */
export function requireFeature({ name, dSae }: DictionaryRow, feature: number): void {
  if (Number.isInteger(feature) && feature >= 0 && feature < dSae) return
  throw new LoupeError('not-found', `the dictionary ${name} has no feature ${feature}`, {
    remedy: `its features are 0 to ${dSae - 1}`,
  })
}
