/** Finds features and tokens from what a person types: a number, a label, or a token. */
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { vocabularyOf } from '../dictionaries/vocabulary'
import type { Vocabulary } from '../models/vocabulary'
import { labelsOfFeatures } from './labels'
import { countFeaturesByToken, matchLabel, matchNumber, matchTokens } from './rows'
import type { FoundFeature, FoundToken } from './schema'

/** Tokens like the typed text whose features are searched. */
const SEARCHED_TOKENS = 50
/** Limit of the tokens that one spelling stands for: `Washington`, ` washington`, ` Washington`. */
const SPELLINGS = 20

type Match = Omit<FoundFeature, 'label' | 'why'>

/**
 * The feature with that number first, then features whose label contains the text (the label itself, its beginning, inside),
 * then features that fire on a token like it: on the exact text first, then by mean activation. Empty without statistics.
 */
export async function searchFeatures(
  database: Database,
  dictionary: DictionaryRow,
  text: string,
  limit = 20,
): Promise<FoundFeature[]> {
  const typed = text.trim()
  if (typed === '') return []
  const matches = await Promise.all([
    byNumber(database, dictionary, typed),
    byLabel(database, dictionary, typed, limit),
    byToken(database, dictionary, typed, limit),
  ])
  const first = new Map<number, Match>()
  for (const match of matches.flat()) if (!first.has(match.index)) first.set(match.index, match)
  const kept = [...first.values()].slice(0, limit)
  const labels = await labelsOfFeatures(
    database.pool,
    dictionary.id,
    kept.map(({ index }) => index),
  )
  return kept.map((match) => ({ ...match, label: labels.get(match.index) ?? null, why: reasonOf(match) }))
}

async function byNumber(database: Database, { id, dSae }: DictionaryRow, typed: string): Promise<Match[]> {
  const digits = /^#?(\d{1,9})$/.exec(typed)?.[1]
  if (digits === undefined || Number(digits) >= dSae) return []
  const rows = await matchNumber(database, id, Number(digits))
  return rows.map((row) => ({ ...row, by: 'number' }))
}

async function byLabel(database: Database, { id }: DictionaryRow, typed: string, limit: number): Promise<Match[]> {
  const rows = await matchLabel(database, id, typed, limit)
  return rows.map((row) => ({ ...row, by: 'label' }))
}

async function byToken(database: Database, dictionary: DictionaryRow, typed: string, limit: number): Promise<Match[]> {
  const vocabulary = await vocabularyOf(database, dictionary)
  const tokens = vocabulary.search(typed, SEARCHED_TOKENS)
  if (tokens.length === 0) return []
  const exact = withSpelling(vocabulary, tokens, typed)
  const rows = await matchTokens(database, dictionary.id, { tokens, exact, limit })
  return rows.map(({ token, mean, ...row }) => ({
    ...row,
    by: 'token',
    token: { token, text: vocabulary.textOf(token), mean },
  }))
}

function reasonOf({ by, token }: Match): string {
  return by === 'token' && token ? `fires on “${token.text}”, mean ${Number(token.mean.toPrecision(3))}` : by
}

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

/** Tokens whose ids are known, in the order of the ids. */
export async function tokensById(
  database: Database,
  dictionary: DictionaryRow,
  tokens: readonly number[],
): Promise<FoundToken[]> {
  const vocabulary = await vocabularyOf(database, dictionary)
  const counts = await countFeaturesByToken(database, dictionary.id, tokens)
  return tokens.map((token) => ({ token, text: vocabulary.textOf(token), features: counts.get(token) ?? 0 }))
}

/** Ids of the tokens that are the text, whatever their case and the spaces around it. */
export async function spellingsOf(database: Database, dictionary: DictionaryRow, text: string): Promise<number[]> {
  const vocabulary = await vocabularyOf(database, dictionary)
  return withSpelling(vocabulary, vocabulary.search(text.trim() || text, SPELLINGS), text)
}

/** Like `spellingsOf`; throws `not-found` where the model has no token of this spelling. */
export async function requireSpellings(database: Database, dictionary: DictionaryRow, text: string): Promise<number[]> {
  const tokens = await spellingsOf(database, dictionary, text)
  if (tokens.length > 0) return tokens
  throw new LoupeError('not-found', `the model has no single token "${text}"`, {
    remedy: 'look for a shorter piece: GET /api/v1/dictionaries/{id}/tokens?text=…',
  })
}

/** The tokens whose text is this one, without regard to case and outer spaces. Spaces alone are compared as they are. */
function withSpelling(vocabulary: Vocabulary, tokens: readonly number[], text: string): number[] {
  const bare = (spelling: string) => (spelling.trim() === '' ? spelling : spelling.trim().toLowerCase())
  return tokens.filter((token) => bare(vocabulary.textOf(token)) === bare(text))
}
