import { expect, it } from 'vitest'
import { architectureNamed, architectureNames } from '../sae/architectures'
import { knownDirectionsArchitectures, requireKnownDirections } from './knownDirections'

it.each(architectureNames())(
  'samples of known directions are enough for %s, or it is refused with what it needs',
  (name) => {
    const { needs } = architectureNamed(name)
    expect(knownDirectionsArchitectures().includes(name)).toBe(needs === undefined)
    if (needs) expect(() => requireKnownDirections(name)).toThrow(`${name} also trains on ${needs[0]}s`)
    else requireKnownDirections(name)
  },
)

it('gradients and targets are needs that they do not meet', () => {
  expect(knownDirectionsArchitectures()).toContain('topk')
  expect(() => requireKnownDirections('gradient')).toThrow(/also trains on gradients/)
  expect(() => requireKnownDirections('skip-transcoder')).toThrow(/also trains on targets/)
  expect(() => requireKnownDirections('topkk')).toThrow(/no architecture "topkk"/)
})
