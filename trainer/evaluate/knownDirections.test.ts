import { expect, it } from 'vitest'
import { architectureNamed, architectureNames } from '../sae/architectures'
import { knownDirectionsArchitectures, requireKnownDirections } from './knownDirections'

it.each(architectureNames())(
  'samples of known directions are enough for %s, or it is refused with what it needs',
  (name) => {
    const { needs } = architectureNamed(name)
    expect(knownDirectionsArchitectures().includes(name)).toBe(needs === undefined)
    if (needs) expect(() => requireKnownDirections(name)).toThrow(`${name} trains on ${needs[0]}s too`)
    else requireKnownDirections(name)
  },
)

it('gradients and targets are needs that they do not meet', () => {
  expect(knownDirectionsArchitectures()).toContain('topk')
  expect(() => requireKnownDirections('gradient')).toThrow(/trains on gradients too/)
  expect(() => requireKnownDirections('skip-transcoder')).toThrow(/trains on targets too/)
  expect(() => requireKnownDirections('topkk')).toThrow(/no architecture "topkk"/)
})
