import { expect, it } from 'vitest'
import { Registry } from './registry'

const [a, b] = [{ name: 'topk' }, { name: 'relu' }]

it('a registry finds records by name, in the order of its list', () => {
  const registry = new Registry('architecture', [a, b])
  expect(registry.names).toEqual(['topk', 'relu'])
  expect(registry.named('relu')).toBe(b)
  expect(() => registry.named('topkk')).toThrow(/there is no architecture "topkk"/)
})

it('a registry refuses two records of one name', () => {
  expect(() => new Registry('architecture', [a, b, { ...a }])).toThrow(/two architectures named "topk"/)
})
