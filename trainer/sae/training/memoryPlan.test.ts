import { describe, expect, it } from 'vitest'
import type { LoupeError } from '../../errors'
import { checkMemory, MEMORY_TRAITS, memoryLine, memoryPlan } from './memoryPlan'
import { architectureNames } from '../architectures'

const CONFIG = { d_in: 576, d_sae: 8192, batchSize: 4096 }

describe('the memory plan', () => {
  it('adds up its parts', () => {
    const { parts, total } = memoryPlan(CONFIG)
    expect(parts.weights).toBe(4 * (2 * 576 * 8192 + 8192 + 576))
    expect(parts.moments).toBe(2 * parts.weights)
    expect(total).toBe(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0))
  })

  it('knows every architecture, and what each adds to TopK', () => {
    expect(Object.keys(MEMORY_TRAITS)).toEqual(expect.arrayContaining(architectureNames()))
    const { parts, total } = memoryPlan(CONFIG)
    const of = (architecture: string, more = {}) => memoryPlan({ ...CONFIG, ...more, architecture })
    expect(of('topk').total).toBe(total)
    expect(of('gated').parts.weights - parts.weights).toBe(4 * 2 * 8192)
    expect(of('skip-transcoder').parts.weights - parts.weights).toBe(4 * 576 * 576)
    expect(of('transcoder', { d_out: 64 }).parts.weights).toBe(4 * (576 * 8192 + 8192 + 8192 * 64 + 64))
    expect(of('gradient').parts.batches).toBe(2 * parts.batches)
    expect(of('gradient').parts.activations - parts.activations).toBe(3 * 4096 * 8192 * 4)
    expect(of('topk', { k: 64 }).parts.activations - parts.activations).toBe(300 * 64 * 4096)
    expect(of('relu', { k: 64 })).toEqual(of('relu'))
    expect(memoryLine(memoryPlan(CONFIG))).toMatch(/^\d\.\d GB: weights 0\.038 GB, moments 0\.076 GB, /)
  })

  it('lets a run start that fits', () => {
    expect(checkMemory(CONFIG, 2e9)).toEqual(memoryPlan(CONFIG))
  })

  it('refuses one that does not, with a batch size that fits', () => {
    const { code, message, remedy } = refusal(CONFIG, 0.7e9)
    expect(code).toBe('too-large')
    expect(message).toMatch(/the run needs \d\.\d GB \(weights .*\), but 0\.7 GB are available/)
    const batchSize = Number(/batchSize to (\d+)/.exec(remedy!)?.[1])
    expect(memoryPlan({ ...CONFIG, batchSize }).total).toBeLessThanOrEqual(0.7e9)
  })

  it('says so when no batch size helps', () => {
    expect(refusal({ ...CONFIG, d_sae: 2 ** 20 }, 1e9).remedy).toMatch(/smaller d_sae/)
  })
})

function refusal(config: typeof CONFIG, available: number): LoupeError {
  try {
    checkMemory(config, available)
  } catch (error) {
    return error as LoupeError
  }
  throw new Error('it was not refused')
}
