import { describe, expect, it } from 'vitest'
import { formatStops, parseStops } from './stops'
import { parseStrengths } from './parseStrengths'
import { parseVector } from './vector'

describe('a pasted vector', () => {
  const hook = { name: 'blocks.0.hook_resid_post', width: 3 }

  it.each(['[1, -2.5e-3, 3]', '1 -2.5e-3 3', '1,-2.5e-3;3', '[[1],[-2.5e-3],[3]]\n', '1\n-2.5e-3\r\n3'])(
    'reads %j',
    (text) => {
      expect(parseVector(text, hook)).toEqual({ vector: [1, -0.0025, 3] })
    },
  )

  it.each([
    ['', /paste 3 numbers/],
    ['1 2', /2 numbers.*3 wide/],
    ['1 2 3 4', /4 numbers.*3 wide/],
    ['1 two 3', /"two" at place 2/],
    ['1 NaN 3', /"NaN" at place 2/],
    ['1 1e999 3', /place 2/],
    ['0 0 0', /changes nothing/],
  ])('says what is wrong with %j', (text, problem) => {
    const parsed = parseVector(text, hook)
    expect('problem' in parsed ? parsed.problem : '').toMatch(problem)
  })
})

describe('stop strings', () => {
  it.each([[['\n\n']], [['a,b', 'c\\n', '\\', '\t']], [[]], [[' spaces ', '\\,']]])(
    'survive as a line of text: %j',
    (stops) => {
      expect(parseStops(formatStops(stops))).toEqual(stops)
    },
  )

  it('leave out what is empty or twice, and keep other backslashes', () => {
    expect(parseStops('a,,a, b')).toEqual(['a', ' b'])
    expect(parseStops('\\x\\')).toEqual(['\\x\\'])
  })
})

describe('strength factors', () => {
  it('reads them with commas or spaces', () =>
    expect(parseStrengths('0.5, 1 -2;4')).toEqual({ strengths: [0.5, 1, -2, 4] }))

  it.each([
    ['', /give factors/],
    ['1, x', /"x" is not/],
    ['1,1.0', /equal/],
    ['1 2 3 4 5 6 7 8 9', /limit is 8/],
  ])('refuses %j', (text, problem) => {
    const parsed = parseStrengths(text)
    expect('problem' in parsed ? parsed.problem : '').toMatch(problem)
  })
})
