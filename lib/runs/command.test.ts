import { describe, expect, it } from 'vitest'
import { resolveTrainConfig } from '../../trainer/sae/architectures'
import { againCommand, givenSettings } from './command'
import { sweepCommand, trainCommand } from './commandLine'

const given = { architecture: 'topk', d_in: 64, d_sae: 512, tokens: 100_000, k: 16 }

describe('the settings a configuration follows from', () => {
  it('leave out what is there by default, and what follows from the rest', () => {
    expect(givenSettings(resolveTrainConfig(given))).toEqual(given)
  })

  it('keep what differs from the defaults', () => {
    const own = { ...given, learningRate: 1e-3, gradientClip: null, seed: 3 }
    expect(givenSettings(resolveTrainConfig(own))).toEqual(own)
  })
})

describe('the command of a run', () => {
  it('names every setting as its flag, and quotes what a shell would take apart', () => {
    expect(
      trainCommand({ harvest: 'a b', engine: 'auto', settings: { ...given, gradientClip: null, auxCoefficient: 0 } }),
    ).toBe(
      `npx loupe train --harvest 'a b' --architecture topk --d-sae 512 --tokens 100000 --k 16 --gradient-clip none --aux-coefficient 0`,
    )
    expect(trainCommand({ harvest: 'h', settings: { zipfFit: true, open: false, keepAt: [10, 0.5] } })).toBe(
      'npx loupe train --harvest h --zipf-fit --no-open --keep-at 10,0.5',
    )
    expect(trainCommand({ harvest: 'h', name: 'n', engine: 'reference', settings: given })).toMatch(
      / --name n --engine reference$/,
    )
  })

  it('of a sweep names the engine too, unless that is left to the worker', () => {
    const request = { harvest: 'a b', name: 'widths', engine: 'reference' }
    expect(sweepCommand(request)).toBe(
      "npx loupe train --sweep sweep.json --harvest 'a b' --name widths --engine reference",
    )
    expect(sweepCommand({ harvest: 'h', engine: 'auto' })).toBe('npx loupe train --sweep sweep.json --harvest h')
  })

  it('of a run that began with a checkpoint begins with it again', () => {
    const run = { name: 'n', engine: 'auto', harvest: { name: 'h' }, config: resolveTrainConfig(given) }
    const settings = '--architecture topk --d-sae 512 --tokens 100000 --k 16'
    expect(againCommand({ ...run, parent: null })).toBe(`npx loupe train --harvest h ${settings} --name n/again`)
    const parent = { run: '0b5c', name: 'first', step: 40, sha256: '' }
    expect(againCommand({ ...run, parent })).toBe(
      `npx loupe train --harvest h --from 0b5c@40 ${settings} --name n/again`,
    )
  })
})
