/** Features: lists, pages, search. */
import { z } from 'zod'
import { LoupeError } from '../../../trainer/errors'
import { requireDictionary } from '../../dictionaries/rows'
import { featurePage } from '../../features/page'
import { listFeatures } from '../../features/list'
import { randomFeature } from '../../features/rows'
import { requireSpellings, searchFeatures, searchTokens, tokensById } from '../../features/search'
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
  description: 'Pages continue behind a key, so features that are added or changed in between do not shift them.',
  tag,
  params: DictionaryParams,
  query: FeatureListQuery,
  response: FeatureList,
  example: () => ({ query: { sort: 'max', order: 'desc', limit: 5 } }),
  async handler({ params, query: { tokenText, token, ...query } }, { database }) {
    const dictionary = await requireDictionary(database, params.id)
    if (tokenText === undefined) return listFeatures(database, dictionary, { ...query, ...(token && { token }) })
    if (token) throw new LoupeError('bad-usage', 'token and tokenText say the same thing twice', { remedy: 'give one' })
    const tokens = await requireSpellings(database, dictionary, tokenText)
    return listFeatures(database, dictionary, { ...query, token: tokens })
  },
})

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
  summary: 'Everything that is known about one feature',
  description: 'An example is a window around the token it stands for, or everything that is stored of its context.',
  tag,
  params: FeatureParams,
  query: z.strictObject({
    examples: z.coerce.number().int().min(1).max(50).default(10).describe('Limit of the examples in each group'),
    full: z.stringbool().default(false).describe('Return each example with 128 tokens before and after'),
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
  description: 'Best first: the exact text, then without regard to case and a leading space, beginnings, parts.',
  tag,
  params: DictionaryParams,
  query: z.strictObject({
    text: typed.optional().describe('Text of the token, or a part of it; spaces count'),
    token: TokenIds.optional().describe('Instead of a text: ids of tokens, several with commas'),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('Limit of the list'),
  }),
  response: z.strictObject({ tokens: z.array(FoundToken) }),
  example: () => ({ query: { text: ' year', limit: 5 } }),
  async handler({ params, query: { text, token, limit } }, { database }) {
    if ((text === undefined) === (token === undefined)) {
      throw new LoupeError('bad-usage', 'tokens are searched by a text or by their ids', {
        remedy: 'give either text or token',
      })
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
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('Limit of the list'),
  }),
  response: z.strictObject({ features: z.array(FoundFeature) }),
  example: () => ({ query: { text: 'year', limit: 5 } }),
  async handler({ params, query: { text, limit } }, { database }) {
    return { features: await searchFeatures(database, await requireDictionary(database, params.id), text, limit) }
  },
})

export const featureRoutes = [list, random, one, tokens, search]
