import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { storeFeatures } from '../../test/support/features'
import { searchTokens, spellingsOf, tokensById } from './search'
import { ensureVocabulary } from '../models/vocabulary'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())

const TEXTS = ['year', ' year', ' Year', ' years', 'light', '  ', ' ']
const token = (id: number) => ({ token: id, mean: 1, fires: 1, occurrences: 2 })
const { dictionary, modelId } = await storeFeatures(database, [
  { fireCount: 3, maxActivation: 1, topTokens: [token(1), token(3)] },
  { fireCount: 3, maxActivation: 1, topTokens: [token(1)] },
])
await ensureVocabulary(database, modelId, {
  vocabularySize: TEXTS.length,
  tokenText: (id: number) => TEXTS[id]!,
} as never)

describe('tokens by their text', () => {
  it('come best first, with the number of features that fire on each', async () => {
    expect(await searchTokens(database, dictionary, ' year', 10)).toEqual([
      { token: 1, text: ' year', features: 2 },
      { token: 0, text: 'year', features: 0 },
      { token: 2, text: ' Year', features: 0 },
      { token: 3, text: ' years', features: 1 },
    ])
    expect(await searchTokens(database, dictionary, 'year', 1)).toHaveLength(1)
    expect(await searchTokens(database, dictionary, 'nothing', 10)).toEqual([])
  })

  it('by id keep their order; an id without a text is shown as one', async () => {
    expect(await tokensById(database, dictionary, [3, 999, 1])).toEqual([
      { token: 3, text: ' years', features: 1 },
      { token: 999, text: '<999>', features: 0 },
      { token: 1, text: ' year', features: 2 },
    ])
  })

  it('of one spelling leave longer words out', async () => {
    expect((await spellingsOf(database, dictionary, ' YEAR ')).sort()).toEqual([0, 1, 2])
    expect((await spellingsOf(database, dictionary, 'YEAR')).sort()).toEqual([0, 1, 2])
    expect(await spellingsOf(database, dictionary, ' ')).toEqual([6])
  })
})
