import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import type { LoupeTokenizer } from '../../trainer/model/types'
import { createVocabulary, ensureVocabulary, readVocabulary } from './vocabulary'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())

async function insertModel(): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    `INSERT INTO model (name, family, config, source, files, weights_hash)
     VALUES (gen_random_uuid(), 'llama', '{}', 'test', '{}', '') RETURNING id`,
  )
  return rows[0]!.id
}

function tokenizerOf(texts: string[]): LoupeTokenizer {
  return { vocabularySize: texts.length, tokenText: (id: number) => texts[id]! } as LoupeTokenizer
}

describe('the vocabulary of a model', () => {
  it('is returned as the tokenizer spells it, with any characters', async () => {
    const model = await insertModel()
    const texts = [' the', '\n', '\0', '\ufffd', '日本', '"\\', '<|im_start|>']
    await ensureVocabulary(database, model, tokenizerOf(texts))
    const vocabulary = await readVocabulary(database, model)
    expect(vocabulary.size).toBe(texts.length)
    expect(texts.map((_, id) => vocabulary.textOf(id))).toEqual(texts)
    expect(vocabulary.textOf(99)).toBe('<99>')
  })

  it('is written once: a second time changes nothing', async () => {
    const model = await insertModel()
    await Promise.all([1, 2].map(() => ensureVocabulary(database, model, tokenizerOf(['a']))))
    await ensureVocabulary(database, model, tokenizerOf(['other']))
    expect((await readVocabulary(database, model)).textOf(0)).toBe('a')
  })

  it('is empty for a model without a tokenizer, and readable as soon as it is stored', async () => {
    const model = await insertModel()
    await ensureVocabulary(database, model, undefined)
    const none = await readVocabulary(database, model)
    expect([none.size, none.textOf(3), none.search('a', 5)]).toEqual([0, '<3>', []])
    await ensureVocabulary(database, model, tokenizerOf(['a']))
    expect((await readVocabulary(database, model)).size).toBe(1)
  })
})

describe('searching it', () => {
  const texts = [' other', 'The', ' the', 'the', ' there', 'them', 'bathe', ' ', '  ', '\n', ' THE']
  const search = (text: string, limit = 99) =>
    createVocabulary(texts)
      .search(text, limit)
      .map((id) => texts[id])

  it('lists the exact text first, then its spellings, then tokens that start with it or contain it', () => {
    expect(search('the')).toEqual(['the', 'The', ' the', ' THE', 'them', ' there', ' other', 'bathe'])
    expect(search(' the').slice(0, 4)).toEqual([' the', 'The', 'the', ' THE'])
  })

  it('keeps to the limit and the order', () => {
    expect(search('the', 3)).toEqual(search('the').slice(0, 3))
  })

  it('finds tokens of white space, and nothing for an empty text', () => {
    expect(search('\n')).toEqual(['\n'])
    expect(search(' ')[0]).toBe(' ')
    expect(search('')).toEqual([])
    expect(search('zebra')).toEqual([])
  })
})
