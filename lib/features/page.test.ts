import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { storeFeatures } from '../../test/support/features'
import { featurePage } from './page'
import { searchFeatures } from './search'
import { summariseFeatures } from './sets'
import { setLabel } from './labels'
import { ensureVocabulary } from '../models/vocabulary'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())

/** Context c of the test harvest holds the ids 16c … 16c + 15 (modulo 1000), the last c % 3 of them padding. */
const example = (context: number, position: number, others: [number, number][] = []) => {
  const fired = [...others, [position, 2] as [number, number]].sort(([a], [b]) => a - b)
  return {
    context,
    position,
    activation: 2,
    positions: fired.map(([at]) => at),
    values: fired.map(([, value]) => value),
  }
}
const fires = { fireCount: 3, maxActivation: 2 }
const tokenRow = (token: number, mean: number) => ({ token, mean, fires: 2, occurrences: 4 })
const { dictionary, harvest, modelId } = await storeFeatures(database, [
  { ...fires, topTokens: [tokenRow(1, 0.5), tokenRow(3, 1)] },
  undefined,
  {
    ...fires,
    histogram: [1, 0, 2],
    top: [example(5, 4, [[2, 1]]), example(4, 15)],
    random: [example(5, 0)],
    intervals: [{ from: 0.5, to: 0.9, lower: 1, upper: 1.5, examples: [example(3, 8), example(0, 8)] }],
    topTokens: [tokenRow(1, 1.5)],
    logits: { method: 'unembedding', top: [{ token: 1, logit: 0.5 }], bottom: [{ token: 999, logit: -0.25 }] },
    neighbours: [
      { feature: 3, cosine: 0.75 },
      { feature: 1, cosine: 0.5 },
    ],
  },
  { ...fires, topTokens: [tokenRow(2, 4)] },
])
const texts = ['zero', ' the', ' other', 'The']
await ensureVocabulary(database, modelId, { vocabularySize: 4, tokenText: (id: number) => texts[id]! } as never)
await setLabel(database, dictionary, 2, 'old', 'ann')
await setLabel(database, dictionary, 2, 'articles', 'bob')
await setLabel(database, dictionary, 3, 'years', 'ann')

describe('the page of a feature', () => {
  it('shows its statistics with texts, its label and its neighbours', async () => {
    const page = await featurePage(database, dictionary, 2)
    expect(page).toMatchObject({
      index: 2,
      fireCount: 3,
      maxActivation: 2,
      tokens: 1000,
      previous: 0,
      next: 3,
      harvest: { id: harvest.harvestId },
      label: { text: 'articles', author: 'bob' },
      labelHistory: [{ text: 'articles' }, { text: 'old' }],
      logits: { method: 'unembedding', top: [{ text: ' the', logit: 0.5 }], bottom: [{ text: '<999>', logit: -0.25 }] },
      neighbours: [
        { feature: 3, cosine: 0.75, density: expect.closeTo(0.003) as number, label: { text: 'years' } },
        { feature: 1, cosine: 0.5, density: null, label: null },
      ],
      topTokens: [{ token: 1, text: ' the', mean: 1.5, fires: 2, occurrences: 4 }],
    })
    expect(page.histogram.counts).toEqual([1, 0, 2])
    expect(page.histogram.edges).toEqual([0, expect.closeTo(2 / 3), expect.closeTo(4 / 3), 2])
    expect(JSON.parse(JSON.stringify(page))).toEqual(page)
  })

  it('cuts windows out of contexts, without their padding', async () => {
    const { examples } = await featurePage(database, dictionary, 2, { window: { before: 3, after: 1 } })
    // Context 5 ends with two tokens of padding.
    expect(examples.top[0]).toMatchObject({ context: 5, document: 5, position: 4, start: 1, before: true, after: true })
    const shown = examples.top[0]!.tokens
    expect(shown.map(({ id }) => id)).toEqual([81, 82, 83, 84, 85])
    expect(shown.map(({ value }) => Math.round(value * 100) / 100)).toEqual([0, 1, 0, 2, 0])
    expect(examples.random[0]).toMatchObject({ position: 0, start: 0, before: false, after: true })
    expect(examples.intervals[0]).toMatchObject({ from: 0.5, to: 0.9, lower: 1, upper: 1.5 })
    const whole = await featurePage(database, dictionary, 2, { full: true })
    expect(whole.examples.top[0]!.tokens.map(({ id }) => id)).toEqual(Array.from({ length: 14 }, (_, at) => 80 + at))
    expect(whole.examples.top[0]).toMatchObject({ before: false, after: false })
  })

  it('keeps to the number of examples asked for', async () => {
    const { examples } = await featurePage(database, dictionary, 2, { examples: 1 })
    expect([examples.top, examples.intervals[0]!.examples, examples.random].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ])
  })

  it('says which features there are, and how to get statistics', async () => {
    await expect(featurePage(database, dictionary, 4)).rejects.toThrow(/has no feature 4/)
    await expect(featurePage(database, dictionary, 1)).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining('loupe dashboards') as string,
    })
  })
})

describe('searching features', () => {
  const search = async (text: string) =>
    (await searchFeatures(database, dictionary, text)).map(({ index, by }) => [index, by])

  it('finds a number, a label, a token, in this order', async () => {
    expect(await search(' #3 ')).toEqual([[3, 'number']])
    expect(await search('ARTICLES')).toEqual([[2, 'label']])
    expect(await search('year')).toEqual([[3, 'label']])
    // The very word, by how strongly, comes before a still stronger word that merely contains it.
    expect(await search('the')).toEqual([
      [2, 'token'],
      [0, 'token'],
      [3, 'token'],
    ])
    // Of the two spellings that 0 fires on, the stronger one is named.
    expect((await searchFeatures(database, dictionary, 'the'))[1]!.token).toEqual({ token: 3, text: 'The', mean: 1 })
  })

  it('finds nothing for nothing, and no feature without statistics', async () => {
    for (const text of ['', ' ', '#1', '99999999999', 'zebra', "'; DROP TABLE feature; --", '%'])
      expect(await search(text)).toEqual([])
  })
})

describe('the summary of all features', () => {
  it('counts them, and bins the live ones by density', async () => {
    const counts = [0, 1, 20, 20, 1000]
    const { dictionary: own } = await storeFeatures(
      database,
      counts.map((fireCount, index) => ({ fireCount, maxActivation: fireCount > 0 ? index : 0 })),
    )
    const summary = await summariseFeatures(database.pool, own.id, 1000)
    expect(summary).toMatchObject({ features: 5, live: 4, dead: 1, tokens: 1000 })
    const { edges, counts: bins } = summary.density
    expect([edges.length, bins.length, bins.reduce((a, b) => a + b, 0)]).toEqual([25, 24, 4])
    const binOf = (density: number) => edges.findLastIndex((edge) => edge <= Math.log10(density) + 1e-6)
    expect([bins[binOf(0.001)], bins[binOf(0.02)], bins[23]]).toEqual([1, 2, 1])
    expect(summary.maxActivation.at(-1)).toEqual({ share: 1, value: 4 })
    expect(summary.maxActivation[0]).toEqual({ share: 0, value: 1 })
    expect(summary.zipf).toBeNull()
  })
})
