import { expect, it } from 'vitest'
import { requireStorable } from './text'

it('refuses characters that cannot be stored in JSON, at any depth, and names them', () => {
  expect(() => requireStorable('the answer', { a: ['x\u0000'] })).toThrow('the answer holds the character \\u0000')
  expect(() => requireStorable('the answer', { 'k\ud800': 1 })).toThrow('\\ud800')
  expect(() => requireStorable('the answer', 'back\\\\slash \\\u0000')).toThrow('\\u0000')
})

it('accepts texts that only look like one', () => {
  for (const text of ['\\u0000', '\\\\u0000', '\\ud800', '🙂', '\u0001 \u2028']) {
    expect(() => requireStorable('it', { text })).not.toThrow()
  }
  expect(() => requireStorable('it', null)).not.toThrow()
})
