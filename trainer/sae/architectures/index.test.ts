import { expect, it } from 'vitest'
import type { z } from 'zod'
import { architectureNamed, architectureNames } from '.'

it('settings for what papers leave open say that it is our reading', () => {
  const fields = architectureNames().flatMap((name) =>
    Object.entries((architectureNamed(name).schema as z.ZodObject).shape),
  )
  const ours = fields.filter(([, field]) => (field as z.ZodType).description?.includes('(our reading)'))
  const expected = [
    'averageDecay',
    'averageFrom',
    'beta',
    'caps',
    'firstThreshold',
    'inference',
    'l1Gain',
    'mutualShare',
    'normalisation',
    'rankEvery',
    'tau',
    'zipfExponent',
    'zipfFit',
    'zipfOffset',
  ]
  expect(new Set(ours.map(([name]) => name))).toEqual(new Set(expected))
})
