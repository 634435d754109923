/** From a typed text to the tokens of a dictionary's model. */
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { vocabularyOf } from './list'

export interface FoundToken {
  token: number
  text: string
  /** How many features count it among the tokens they fire on most strongly. */
  features: number
}

/** Most tokens that one spelling stands for: `Washington`, ` washington`, ` Washington`. */
const SPELLINGS = 20

/** Tokens that match a typed text, best first. Spaces count, where the text has any. */
export async function searchTokens(
  database: Database,
  dictionary: DictionaryRow,
  text: string,
  limit: number,
): Promise<FoundToken[]> {
  const vocabulary = await vocabularyOf(database, dictionary)
  return tokensById(database, dictionary, vocabulary.search(text, limit))
}

/** The same of tokens whose ids are known, in their order. */
export async function tokensById(
  database: Database,
  dictionary: DictionaryRow,
  tokens: readonly number[],
): Promise<FoundToken[]> {
  const vocabulary = await vocabularyOf(database, dictionary)
  const counts = await countFeatures(database, dictionary, tokens)
  return tokens.map((token) => ({ token, text: vocabulary.textOf(token), features: counts.get(token) ?? 0 }))
}

/** Ids of the tokens that are the text, whatever their case and the spaces around it. */
export async function spellingsOf(database: Database, dictionary: DictionaryRow, text: string): Promise<number[]> {
  const vocabulary = await vocabularyOf(database, dictionary)
  const bare = (of: string) => (of.trim() === '' ? of : of.trim().toLowerCase())
  return vocabulary
    .search(text.trim() || text, SPELLINGS)
    .filter((token) => bare(vocabulary.textOf(token)) === bare(text))
}

async function countFeatures(
  { pool }: Database,
  { id }: DictionaryRow,
  tokens: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ token: number; features: number }>(
    `SELECT token, count(*)::int AS features FROM feature_token
     WHERE dictionary_id = $1 AND token = ANY($2::int4[]) GROUP BY token`,
    [id, tokens],
  )
  return new Map(rows.map(({ token, features }) => [token, features]))
}
