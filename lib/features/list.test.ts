import { afterAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { testDatabase } from '../../test/support/database'
import { storeFeatures } from '../../test/support/features'
import type { FeatureQuery } from './querySchema'
import { listFeatures } from './list'
import { randomFeature } from './rows'
import type { ListedFeature } from './schema'
import { setLabel } from './labels'
import { ensureVocabulary } from '../models/vocabulary'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())

/** 60 features with many ties; every fifth is dead, 58 has no statistics. */
const COUNT = 60
const fireCountOf = (index: number) => (index % 5 === 0 ? 0 : 1 + ((index * 7) % 4))
const maxOf = (index: number) => (fireCountOf(index) === 0 ? 0 : 0.1 + ((index * 11) % 6) / 3)
const token = (id: number, mean: number) => ({ token: id, mean, fires: 1, occurrences: 2 })
const { dictionary, modelId } = await storeFeatures(
  database,
  Array.from({ length: COUNT }, (_, index) =>
    index === 58
      ? undefined
      : {
          fireCount: fireCountOf(index),
          maxActivation: maxOf(index),
          topTokens: fireCountOf(index) > 0 ? [token(index % 3, 0.1 * (index % 4)), token(7, 0.3)] : [],
        },
  ),
)
const texts = ['a', ' b', 'c', 'd', 'e', 'f', 'g', ' seven']
await ensureVocabulary(database, modelId, { vocabularySize: 8, tokenText: (id: number) => texts[id]! } as never)

const LABELS: Record<number, string> = { 3: 'years', 11: 'Years and dates', 12: 'years', 40: 'apples', 41: 'to remove' }
for (const [index, text] of Object.entries(LABELS)) await setLabel(database, dictionary, Number(index), text, 'test')
await setLabel(database, dictionary, 41, '', 'test')

type Query = z.input<typeof FeatureQuery>

/** Every page of a list. */
async function walk(query: Query): Promise<ListedFeature[]> {
  const found: ListedFeature[] = []
  let after: string | undefined
  do {
    const page = await listFeatures(database, dictionary, { ...query, ...(after ? { after } : {}) })
    expect(page.features.length).toBeLessThanOrEqual(query.limit ?? 50)
    found.push(...page.features)
    after = page.next ?? undefined
  } while (after)
  return found
}

const indices = (features: readonly ListedFeature[]) => features.map(({ index }) => index)
const all = Array.from({ length: COUNT }, (_, index) => index).filter((index) => index !== 58)
const single = Math.fround

/** The order in plain JavaScript, ties by index in the same direction; `undefined` keys last. */
function sorted<K extends number | string>(
  of: readonly number[],
  order: 'asc' | 'desc',
  key: (index: number) => K | undefined,
) {
  const sign = order === 'asc' ? 1 : -1
  return [...of].sort((a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left === undefined || right === undefined) {
      if (left === right) return sign * (a - b)
      return left === undefined ? 1 : -1
    }
    return sign * (left < right ? -1 : left > right ? 1 : a - b)
  })
}

const meanOf = (index: number) => maxOf(index) / 2
const labelOf = (index: number) => (index === 41 ? undefined : LABELS[index]?.toLowerCase())
const matchOf = (index: number) => Math.max(0.3, 0.1 * (index % 4))
const KEYS = { index: (index: number) => index, density: fireCountOf, max: maxOf, mean: meanOf, label: labelOf }

describe('pages of features', () => {
  for (const order of ['asc', 'desc'] as const) {
    for (const [sort, key] of Object.entries(KEYS)) {
      it.each([1, 7, 500])(`hold every feature once by ${sort} ${order}, %i a page`, async (limit) => {
        const found = await walk({ sort: sort as keyof typeof KEYS, order, limit })
        expect(indices(found)).toEqual(sorted<number | string>(all, order, key))
      })
    }

    it(`hold every matching feature once by match ${order}`, async () => {
      const live = all.filter((index) => fireCountOf(index) > 0)
      const found = await walk({ sort: 'match', order, token: [7, 0, 1, 2], limit: 4 })
      expect(indices(found)).toEqual(sorted(live, order, (index) => single(matchOf(index))))
      expect(
        found.every(({ match, index }) => match === single(matchOf(index)) || Math.abs(match! - matchOf(index)) < 1e-6),
      ).toBe(true)
    })
  }

  const FILTERS: [string, Query, (index: number) => boolean][] = [
    ['least density', { minDensity: 0.003 }, (index) => fireCountOf(index) >= 3],
    ['largest density', { maxDensity: 0.002 }, (index) => fireCountOf(index) <= 2],
    ['largest activation', { minMax: 1 }, (index) => maxOf(index) >= 1],
    ['life', { live: true }, (index) => fireCountOf(index) > 0],
    ['death', { live: false }, (index) => fireCountOf(index) === 0],
    ['token', { token: [1] }, (index) => fireCountOf(index) > 0 && index % 3 === 1],
    ['text of the label', { label: 'YEARS' }, (index) => [3, 11, 12].includes(index)],
    ['having a label', { labelled: true }, (index) => [3, 11, 12, 40].includes(index)],
    ['having none', { labelled: false }, (index) => ![3, 11, 12, 40].includes(index)],
    [
      'several at once',
      { live: true, minMax: 1, token: [7], labelled: false },
      (index) => fireCountOf(index) > 0 && maxOf(index) >= 1 && ![3, 11, 12, 40].includes(index),
    ],
  ]
  it.each(FILTERS)('keep to a filter of %s under every sort', async (_name, filter, fits) => {
    const wanted = all.filter(fits)
    for (const [sort, key] of Object.entries(KEYS)) {
      const found = await walk({ ...filter, sort: sort as keyof typeof KEYS, order: 'desc', limit: 3 })
      expect(indices(found)).toEqual(sorted<number | string>(wanted, 'desc', key))
    }
    const { total, totalIsExact } = await listFeatures(database, dictionary, { ...filter, limit: 1 })
    expect({ total, totalIsExact }).toEqual({ total: wanted.length, totalIsExact: true })
  })

  it('show what a row needs', async () => {
    const { features, total, next } = await listFeatures(database, dictionary, { limit: 4 })
    expect({ total, length: features.length }).toEqual({ total: 59, length: 4 })
    expect(next).not.toBeNull()
    expect(features[3]).toMatchObject({
      index: 3,
      fireCount: fireCountOf(3),
      label: { text: 'years', author: 'test' },
      topTokens: [
        { token: 0, text: 'a' },
        { token: 7, text: ' seven' },
      ],
    })
    expect(features[0]).toMatchObject({ index: 0, density: 0, label: null, topTokens: [] })
    expect('match' in features[0]!).toBe(false)
  })

  it('refuse an invalid cursor, a cursor of another list, and sorting by a match without tokens', async () => {
    const { next } = await listFeatures(database, dictionary, { limit: 4, sort: 'density' })
    const refused = { code: 'bad-input', message: expect.stringContaining('cursor') as string }
    await expect(listFeatures(database, dictionary, { sort: 'max', after: next! })).rejects.toMatchObject(refused)
    await expect(listFeatures(database, dictionary, { after: 'nonsense' })).rejects.toMatchObject(refused)
    await expect(listFeatures(database, dictionary, { sort: 'match' })).rejects.toMatchObject({ code: 'bad-usage' })
  })
})

describe('a feature at random', () => {
  it('is one that fires, and one that exists', async () => {
    const drawn = await Promise.all(
      Array.from({ length: 100 }, () => randomFeature(database, dictionary, { live: true })),
    )
    expect(drawn.every((index) => fireCountOf(index) > 0 && index !== 58)).toBe(true)
    expect(new Set(drawn).size).toBeGreaterThan(20)
  })

  it('is refused where none fires', async () => {
    const dead = await storeFeatures(database, [{ fireCount: 0, maxActivation: 0 }])
    await expect(randomFeature(database, dead.dictionary, { live: true })).rejects.toMatchObject({ code: 'not-found' })
    expect(await randomFeature(database, dead.dictionary, { live: false })).toBe(0)
  })
})
