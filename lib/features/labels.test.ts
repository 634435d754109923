import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { storeFeatures } from '../../test/support/features'
import { labelHistory, labelsOf, setLabel } from './labels'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())
const { dictionary } = await storeFeatures(
  database,
  Array.from({ length: 5 }, () => ({ fireCount: 1, maxActivation: 1 })),
)
const set = (feature: number, text: string, author = 'ann') => setLabel(database, dictionary, feature, text, author)

describe('labels', () => {
  it('count by the newest, however quickly they follow each other, and keep their history', async () => {
    for (const text of ['first', '  second ', '', 'third']) await set(2, text)
    expect((await labelHistory(database, dictionary, 2)).map(({ text }) => text)).toEqual([
      'third',
      '',
      'second',
      'first',
    ])
    expect(await labelsOf(database, dictionary)).toMatchObject([{ feature: 2, text: 'third', author: 'ann' }])
    expect(await set(2, '  ')).toBeNull()
    expect(await labelsOf(database, dictionary)).toEqual([])
  })

  it('take 500 characters of one line, and say what is wrong with others', async () => {
    expect((await set(1, '🜁'.repeat(500)))?.text).toHaveLength(1000)
    await expect(set(1, 'x'.repeat(501))).rejects.toMatchObject({ code: 'bad-input' })
    await expect(set(1, 'two\nlines')).rejects.toThrow(/control characters/)
    await expect(set(1, 'nul \0')).rejects.toThrow(/control characters/)
    await expect(set(1, 'x', ' ')).rejects.toThrow(/an author must have 1 to 120/)
  })

  it('belong to features that exist', async () => {
    for (const feature of [5, -1, 1.5, NaN])
      await expect(set(feature, 'x')).rejects.toMatchObject({ code: 'not-found' })
  })
})
