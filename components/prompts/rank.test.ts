import { expect, it } from 'vitest'
import { parsePin } from './usePromptState'
import { byFeature, byToken, type EncodedDictionary } from './rank'

const figures = (feature: number, maxActivation: number) => ({
  feature,
  maxActivation,
  density: 0.1,
  label: null,
  tokens: [],
})
const dictionary = (
  id: string,
  rows: EncodedDictionary['rows'],
  known: ReturnType<typeof figures>[],
): EncodedDictionary => ({
  id,
  name: id,
  rows,
  figures: known,
})

const one = dictionary(
  'one',
  [
    [
      { feature: 1, value: 90 },
      { feature: 2, value: 5 },
    ],
    [
      { feature: 2, value: 8 },
      { feature: 1, value: 6 },
    ],
    [{ feature: 2, value: 4 }],
  ],
  [figures(1, 100), figures(2, 10)],
)
const two = dictionary('two', [[], [{ feature: 1, value: 7 }], []], [])

it('orders the features of a token over all dictionaries, by value or by share of the maximum', () => {
  const names = (rows: ReturnType<typeof byToken>) =>
    rows.map((row) => row.map((each) => `${each.dictionary}:${each.feature}`))
  expect(names(byToken([one, two], 'value'))).toEqual([['one:1', 'one:2'], ['one:2', 'two:1', 'one:1'], ['one:2']])
  expect(names(byToken([one, two], 'share'))[1]).toEqual(['one:2', 'one:1', 'two:1'])
})

it('ranks features of the text by counted tokens only, and shows all tokens on which they fire', () => {
  const tokens = byToken([one], 'value')
  const counted = [false, true, true]
  const found = byFeature(tokens, counted, 'max')
  expect(found.map(({ feature, max, sum, values }) => ({ feature, max, sum, values }))).toEqual([
    { feature: 2, max: 8, sum: 12, values: [5, 8, 4] },
    { feature: 1, max: 6, sum: 6, values: [90, 6, 0] },
  ])
  expect(byFeature(tokens, [true, false, false], 'max')[0]).toMatchObject({ feature: 1, max: 90 })
  expect(byFeature(tokens, [false, false, false], 'sum')).toEqual([])
})

it('reads a pin from an address', () => {
  expect(parsePin('05e18b0a-e6a5:12')).toEqual({ dictionary: '05e18b0a-e6a5', feature: 12 })
  for (const wrong of [null, '', '12', 'a:', 'a:-1', 'a:1e9', ':3']) expect(parsePin(wrong)).toBeNull()
})
