import { expect, it } from 'vitest'
import { describeArchitectures } from '../../lib/runs/architectures'
import { plannedMemory } from './MemoryEstimate'

it('a harvest decides the width of targets, for architectures that have them', () => {
  const architectures = new Map(describeArchitectures().map((architecture) => [architecture.name, architecture]))
  const sizes = { d_sae: 64, batchSize: 8 }
  const weights = (architecture: string, dOut: number) =>
    plannedMemory({ dIn: 16, dOut }, architectures.get(architecture)!, sizes)!.parts.weights
  expect(weights('transcoder', 48)).toBeGreaterThan(weights('transcoder', 16))
  expect(weights('topk', 48)).toBe(weights('topk', 16))
})
