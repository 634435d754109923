import { expect, it } from 'vitest'
import type { FeatureEdit, VectorEdit } from '../../trainer/steering/intervention'
import { initialStrength } from '../../lib/steering/setup'
import { strengthScale, toShown, toStrength, withMode } from './strength'

const edit = (mode: FeatureEdit['mode'], strength?: number): FeatureEdit => ({
  dictionary: 'd',
  feature: 1,
  mode,
  positions: 'all',
  ...(strength !== undefined && { strength }),
})

it('shows added and set strengths in units of the usual maximum, and keeps the raw number in the intervention', () => {
  for (const mode of ['add', 'set'] as const) {
    const scale = strengthScale(edit(mode, 28.4), 14.2)
    expect(toShown(28.4, scale)).toBe(2)
    expect(toStrength(3, scale)).toBe(42.6)
  }
  expect(initialStrength('add', 14.2)).toBe(14.2)
})

it('does not change a typed value, whatever the maximum', () => {
  for (const maximum of [0.0123456789, 7.094321, 136.28148, 1e-6, 3e7]) {
    const scale = strengthScale(edit('add', 1), maximum)
    for (const shown of [0.1, -2.5, 1, 3.7, 9.99]) expect(toShown(toStrength(shown, scale), scale)).toBe(shown)
  }
})

it('has no unit for scaling, for vectors, and without statistics', () => {
  const vector: VectorEdit = { hook: 'h', vector: [1], mode: 'add', strength: 2, positions: 'all' }
  expect(strengthScale(vector, 14).unit).toBe(1)
  expect(strengthScale(edit('scale', 2), 14).unit).toBe(1)
  expect(strengthScale(edit('add', 2), undefined).unit).toBe(1)
  expect(strengthScale(edit('add', 2), 0).unit).toBe(1)
})

it('keeps a strength between adding and setting, and resets it between other modes', () => {
  expect(withMode(edit('add', 30), 'set', 10)).toEqual(edit('set', 30))
  expect(withMode(edit('add', 30), 'scale', 10)).toEqual(edit('scale', 2))
  expect(withMode(edit('add', 30), 'ablate', 10)).toEqual(edit('ablate'))
  expect(withMode(edit('ablate'), 'add', 10)).toEqual(edit('add', 10))
  expect(withMode(edit('scale', 3), 'set', undefined)).toEqual(edit('set', 10))
})
