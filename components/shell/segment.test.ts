import { expect, it } from 'vitest'
import { decodedSegment } from './segment'

it('a name in an address may be encoded wrongly', () => {
  expect(decodedSegment('sotu%2Ffirst')).toBe('sotu/first')
  expect(decodedSegment('100%')).toBe('100%')
})
