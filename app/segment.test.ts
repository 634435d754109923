import { expect, it } from 'vitest'
import { decodedSegment } from './segment'

it('a name in an address is decoded; a wrong encoding stays as it is', () => {
  expect(decodedSegment('sotu%2Ffirst')).toBe('sotu/first')
  expect(decodedSegment('100%')).toBe('100%')
})
