import { expect, it } from 'vitest'
import { describeArchitectures } from './architectures'
import { lackingOn } from './settings'

const all = describeArchitectures()
const plain = { targetHook: null, gradients: false }

it('a harvest lacks what some architectures need', () => {
  expect(lackingOn(plain, all)).toEqual([
    'transcoder, skip-transcoder need a target hook (--target-hook)',
    'gradient needs gradients (--gradients)',
  ])
  expect(lackingOn({ targetHook: 'blocks.0.hook_mlp_out', gradients: true }, all)).toEqual([])
  const topk = all.filter(({ name }) => name === 'topk')
  expect(lackingOn(plain, topk)).toEqual([])
})
