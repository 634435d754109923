import { describe, expect, it } from 'vitest'
import type { ShownExample } from '../../lib/features/schema'
import { exampleGroups, packExample, withoutRepeats } from './examples'

/** An example whose own token is the last of `before`. */
function example(before: string[], after: string[], context = 0): ShownExample {
  const tokens = [...before, ...after].map((text, id) => ({ id, text, value: 0 }))
  tokens[before.length - 1]!.value = 1.23456789
  const position = 100 + before.length - 1
  return { context, document: 1, position, activation: 1.23456789, start: 100, tokens, before: true, after: true }
}

describe('examples of a feature', () => {
  it('keep texts and values in their places when packed', () => {
    const packed = packExample(example([' a', ' b'], [' c']))
    expect(packed.texts).toEqual([' a', ' b', ' c'])
    expect(packed.values).toEqual([0, 1.2346, 0])
    expect(packed.texts[packed.position - packed.start]).toBe(' b')
  })

  it('are repeats when the six tokens up to their own agree, whatever stands before and after', () => {
    const same = ['1', '2', '3', '4', '5', '6']
    const shown = [
      example(['x', ...same], ['after'], 0),
      example(['y', 'z', ...same], [], 1),
      example(['x', '1', '2', '3', '4', '5', '7'], ['after'], 2),
      example(['2', '3', '4', '5', '6'], ['after'], 3),
    ].map(packExample)
    expect(withoutRepeats(shown).map(({ context }) => context)).toEqual([0, 2, 3])
  })

  it('stand in groups from the strongest interval down; empty groups are left out', () => {
    const interval = (from: number, to: number, examples: ShownExample[]) => ({
      from,
      to,
      lower: 1,
      upper: 2,
      examples,
    })
    const one = [example(['a'], [])]
    const groups = exampleGroups({
      examples: {
        top: one,
        intervals: [interval(0, 0.5, one), interval(0.5, 0.999, one), interval(0.999, 1, [])],
        random: [],
      },
    })
    expect(groups.map(({ id }) => id)).toEqual(['top', '50-99.9', '0-50'])
  })
})
