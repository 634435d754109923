import { describe, expect, it } from 'vitest'
import type { LoupeError } from '../errors'
import { checkMemory, memoryPlan } from './memoryPlan'

const CONFIG = { d_in: 576, d_sae: 8192, batchSize: 4096 }

describe('the memory plan', () => {
  it('adds up its parts', () => {
    const { parts, total } = memoryPlan(CONFIG)
    expect(parts.weights).toBe(4 * (2 * 576 * 8192 + 8192 + 576))
    expect(parts.moments).toBe(2 * parts.weights)
    expect(total).toBe(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0))
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
