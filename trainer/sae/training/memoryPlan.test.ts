import { describe, expect, it } from 'vitest'
import type { LoupeError } from '../../errors'
import { architectureNamed, resolveTrainConfig } from '../architectures'
import { memoryLine, memoryPlan } from './memoryPlan'
import { checkMemory, runMemory } from './runMemory'

const SIZES = { d_in: 576, d_sae: 8192, batchSize: 4096 }

const planned = (architecture: string, more: object = {}) =>
  memoryPlan({ ...SIZES, ...more }, architectureNamed(architecture))
const config = (more: object = {}) =>
  resolveTrainConfig({ architecture: 'topk', ...SIZES, k: 32, tokens: 1e6, ...more })

describe('the memory plan', () => {
  it('adds up its parts', () => {
    const { parts, total } = planned('topk')
    expect(parts.weights).toBe(4 * (2 * 576 * 8192 + 8192 + 576))
    expect(parts.moments).toBe(2 * parts.weights)
    expect(total).toBe(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0))
  })

  it('knows what each architecture adds to TopK', () => {
    const { parts } = planned('topk')
    expect(planned('gated').parts.weights - parts.weights).toBe(4 * 2 * 8192)
    expect(planned('skip-transcoder').parts.weights - parts.weights).toBe(4 * 576 * 576)
    expect(planned('transcoder', { d_out: 64 }).parts.weights).toBe(4 * (576 * 8192 + 8192 + 8192 * 64 + 64))
    expect(planned('gradient').parts.batches).toBe(2 * parts.batches)
    expect(planned('gradient').parts.activations - parts.activations).toBe(3 * 4096 * 8192 * 4)
    expect(planned('topk', { k: 64 }).parts.activations - parts.activations).toBe(300 * 64 * 4096)
    expect(planned('relu', { k: 64 })).toEqual(planned('relu'))
    expect(memoryLine(planned('topk'))).toMatch(/^\d\.\d GB: weights 0\.038 GB, moments 0\.076 GB, /)
  })

  it('is that of the configuration of a run', () => {
    expect(runMemory(config())).toEqual(planned('topk', { k: 32 }))
  })

  it('lets a run start that fits', () => {
    expect(checkMemory(config(), 2e9)).toEqual(runMemory(config()))
  })

  it('refuses one that does not, with a batch size that fits', () => {
    const { code, message, remedy } = refusal(config(), 0.7e9)
    expect(code).toBe('too-large')
    expect(message).toMatch(/the run needs \d\.\d GB \(weights .*\), but 0\.7 GB are available/)
    const batchSize = Number(/batchSize to (\d+)/.exec(remedy!)?.[1])
    expect(runMemory(config({ batchSize })).total).toBeLessThanOrEqual(0.7e9)
  })

  it('says so when no batch size helps', () => {
    expect(refusal(config({ d_sae: 2 ** 20 }), 1e9).remedy).toMatch(/smaller d_sae/)
  })
})

function refusal(run: ReturnType<typeof config>, available: number): LoupeError {
  try {
    checkMemory(run, available)
  } catch (error) {
    return error as LoupeError
  }
  throw new Error('it was not refused')
}
