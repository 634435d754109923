import { describe, expect, it } from 'vitest'
import { resolveTrainConfig } from '../../trainer/sae/architectures'
import { sweepCommand } from '../sweeps/command'
import { settingsBehind } from './architectures'
import { againCommand, trainCommand } from './command'

const chosen = { architecture: 'topk', d_in: 64, d_sae: 512, tokens: 100_000, k: 16 }

describe('the settings that a configuration follows from', () => {
  it('leave out defaults, and what follows from other settings', () => {
    expect(settingsBehind(resolveTrainConfig(chosen))).toEqual(chosen)
  })

  it('keep what differs from the defaults', () => {
    const changed = { ...chosen, learningRate: 1e-3, gradientClip: null, seed: 3 }
    expect(settingsBehind(resolveTrainConfig(changed))).toEqual(changed)
  })
})

describe('the command of a run', () => {
  it('names every setting as its flag, and quotes what a shell would split', () => {
    expect(
      trainCommand({ harvest: 'a b', engine: 'auto', settings: { ...chosen, gradientClip: null, auxCoefficient: 0 } }),
    ).toBe(
      `npx loupe train --harvest 'a b' --architecture topk --d-sae 512 --tokens 100000 --k 16 --gradient-clip none --aux-coefficient 0`,
    )
    expect(trainCommand({ harvest: 'h', settings: { zipfFit: true, open: false, keepAt: [10, 0.5] } })).toBe(
      'npx loupe train --harvest h --zipf-fit --no-open --keep-at 10,0.5',
    )
    expect(trainCommand({ harvest: 'h', name: 'n', engine: 'reference', settings: chosen })).toMatch(
      / --name n --engine reference$/,
    )
  })

  it('of a sweep also names the engine, unless the worker chooses it', () => {
    const request = { harvest: 'a b', name: 'widths', engine: 'reference' }
    expect(sweepCommand(request)).toBe(
      "npx loupe train --sweep sweep.json --harvest 'a b' --name widths --engine reference",
    )
    expect(sweepCommand({ harvest: 'h', engine: 'auto' })).toBe('npx loupe train --sweep sweep.json --harvest h')
  })

  it('of a run that started from a checkpoint starts from it again', () => {
    const run = { name: 'n', engine: 'auto', harvest: { name: 'h' }, settings: chosen }
    const flags = '--architecture topk --d-sae 512 --tokens 100000 --k 16'
    expect(againCommand({ ...run, parent: null })).toBe(`npx loupe train --harvest h ${flags} --name n/again`)
    const parent = { run: '0b5c', name: 'first', step: 40, sha256: '' }
    expect(againCommand({ ...run, parent })).toBe(`npx loupe train --harvest h --from 0b5c@40 ${flags} --name n/again`)
  })
})
