/** Features: lists, pages, search. */
import { z } from 'zod'
import { LoupeError } from '../../../trainer/errors'
import type { Database } from '../../db/connect'
import { requireDictionary, type DictionaryRow } from '../../dictionaries/rows'
import { featurePage } from '../../features/page'
import { searchFeatures, type FoundFeature as Found } from '../../features/search'
import { listFeatures, randomFeature } from '../../features/list'
import { searchTokens, spellingsOf, tokensById } from '../../features/tokenSearch'
import { defineRoute } from '../route'
import { FeatureListQuery, TokenIds } from '../../features/querySchema'
import { FeatureList, FeaturePage, FoundFeature, FoundToken } from '../../features/schema'
import { DictionaryParams, FeatureParams } from '../../base/fields'

const tag = 'features'
const typed = z.string().min(1).max(200)

const list = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/features',
  summary: 'List features, sorted and filtered, page by page',
  description: 'Pages are continued by key: what is added or changed in between shifts nothing.',
  tag,
  params: DictionaryParams,
  query: FeatureListQuery,
  response: FeatureList,
  async handler({ params, query: { tokenText, token, ...query } }, { database }) {
    const dictionary = await requireDictionary(database, params.id)
    if (tokenText === undefined) return listFeatures(database, dictionary, { ...query, ...(token && { token }) })
    const tokens = await requireSpellings(database, dictionary, tokenText, token)
    return listFeatures(database, dictionary, { ...query, token: tokens })
  },
})

async function requireSpellings(
  database: Database,
  dictionary: DictionaryRow,
  text: string,
  token: readonly number[] | undefined,
): Promise<number[]> {
  if (token) throw new LoupeError('bad-usage', 'token and tokenText say the same thing twice', { remedy: 'give one' })
  const tokens = await spellingsOf(database, dictionary, text)
  if (tokens.length > 0) return tokens
  throw new LoupeError('not-found', `the model has no single token "${text}"`, {
    remedy: 'look for a shorter piece: GET /api/v1/dictionaries/{id}/tokens?text=…',
  })
}

const random = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/features/random',
  summary: 'Pick a feature at random',
  tag,
  params: DictionaryParams,
  query: z.strictObject({ live: z.stringbool().default(true).describe('Only features that fire') }),
  response: z.strictObject({ index: z.int().describe('Index of the feature') }),
  async handler({ params, query }, { database }) {
    return { index: await randomFeature(database, await requireDictionary(database, params.id), query) }
  },
})

const one = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/features/{index}',
  summary: 'Everything known of one feature',
  description: 'Examples come as windows around the token they stand for, or with all that is stored of their context.',
  tag,
  params: FeatureParams,
  query: z.strictObject({
    examples: z.coerce.number().int().min(1).max(50).default(10).describe('Most examples of each group'),
    full: z.stringbool().default(false).describe('Give each example with 128 tokens before and after'),
  }),
  response: FeaturePage,
  async handler({ params, query }, { database }) {
    return featurePage(database, await requireDictionary(database, params.id), params.index, query)
  },
})

const tokens = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/tokens',
  summary: 'Find tokens of the dictionary’s model by their text',
  description: 'Best first: the very text, then without regard to case and a leading space, beginnings, parts.',
  tag,
  params: DictionaryParams,
  query: z.strictObject({
    text: typed.optional().describe('Text of the token, or a part of it; spaces count'),
    token: TokenIds.optional().describe('Instead of a text: ids of tokens, several with commas'),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('Most tokens to give'),
  }),
  response: z.strictObject({ tokens: z.array(FoundToken) }),
  async handler({ params, query: { text, token, limit } }, { database }) {
    if ((text === undefined) === (token === undefined)) {
      throw new LoupeError('bad-usage', 'tokens are found by a text or by their ids', { remedy: 'give text or token' })
    }
    const dictionary = await requireDictionary(database, params.id)
    if (token) return { tokens: await tokensById(database, dictionary, token) }
    return { tokens: await searchTokens(database, dictionary, text!, limit) }
  },
})

const search = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/search',
  summary: 'Find features by number, label or token',
  tag,
  params: DictionaryParams,
  query: z.strictObject({
    text: typed.describe('A number, a part of a label, or a token'),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('Most features to give'),
  }),
  response: z.strictObject({ features: z.array(FoundFeature) }),
  async handler({ params, query: { text, limit } }, { database }) {
    const found = await searchFeatures(database, await requireDictionary(database, params.id), text, limit)
    return { features: found.map((feature) => ({ ...feature, why: reason(feature) })) }
  },
})

function reason({ by, token }: Found): string {
  return by === 'token' && token ? `fires on “${token.text}”, mean ${Number(token.mean.toPrecision(3))}` : by
}

export const featureRoutes = [list, random, one, tokens, search]
