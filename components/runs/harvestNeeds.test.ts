import { describe, expect, it } from 'vitest'
import { describeArchitectures } from '../../lib/runs/architectures'
import { lackingOn } from './harvestNeeds'
import { plannedMemory } from './MemoryEstimate'

const all = describeArchitectures()
const only = (name: string) => all.filter((architecture) => architecture.name === name)
const plain = { targetHook: null, gradients: false }

describe('a harvest', () => {
  it('is told apart by what can be trained on it', () => {
    expect(lackingOn(plain, all)).toEqual([
      'transcoder, skip-transcoder need a target hook (--target-hook)',
      'gradient needs gradients (--gradients)',
    ])
    expect(lackingOn({ targetHook: 'blocks.0.hook_mlp_out', gradients: true }, all)).toEqual([])
    expect(lackingOn(plain, only('topk'))).toEqual([])
  })

  it('decides the width of targets, for architectures that have them', () => {
    const sizes = { d_sae: 64, batchSize: 8 }
    const plan = (architecture: string, dOut: number) =>
      plannedMemory({ dIn: 16, dOut }, only(architecture)[0]!, sizes)!.parts.weights
    expect(plan('transcoder', 48)).toBeGreaterThan(plan('transcoder', 16))
    expect(plan('topk', 48)).toBe(plan('topk', 16))
  })
})
