import { expect, it } from 'vitest'
import { fileName } from './saeBench'

it('files of different dictionaries have different names, without slashes', () => {
  const names = ['a/b', 'a-b', 'a b', 'a%2Fb', 'a*b'].map(fileName)
  expect(new Set(names).size).toBe(names.length)
  expect(names.join('')).not.toMatch(/[/*\s]/)
})
