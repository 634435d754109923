import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import { calibrate, geometricMedian } from './calibrate'

beforeAll(async () => {
  await loadBackend('tensorflow')
})

const random = createRandom('calibrate')
const CENTRE = [3, -1, 0.5, 8]

/** Pairs of points opposite to each other about the centre. */
function symmetricCloud(pairs: number): Float32Array {
  const rows = Array.from({ length: pairs }, () => {
    const offset = CENTRE.map(() => random.normal())
    return [...CENTRE.map((c, i) => c + offset[i]!), ...CENTRE.map((c, i) => c - offset[i]!)]
  })
  return Float32Array.from(rows.flat())
}

describe('the geometric median', () => {
  it('of points symmetric about a centre is the centre', () => {
    const median = geometricMedian(symmetricCloud(500), 4)
    for (const [i, c] of CENTRE.entries()) expect(median[i]).toBeCloseTo(c, 4)
  })

  it('hardly moves for one outlier at 1e6', () => {
    const cloud = symmetricCloud(500)
    const median = geometricMedian(Float32Array.from([...cloud, 1e6, 1e6, 1e6, 1e6]), 4)
    const distance = Math.hypot(...CENTRE.map((c, i) => median[i]! - c))
    expect(distance).toBeLessThan(1)
    const mean = CENTRE.map((_, i) => (cloud.filter((_value, at) => at % 4 === i).reduce((a, b) => a + b) + 1e6) / 1001)
    expect(Math.hypot(...CENTRE.map((c, i) => mean[i]! - c))).toBeGreaterThan(1000)
  })

  it('survives starting on one of the points', () => {
    expect([...geometricMedian(Float32Array.from([-1, 0, 0, 0, 1, 0]), 2)]).toEqual([0, 0])
  })
})

describe('calibration', () => {
  it('scales to mean ‖x‖² = d_in and to a loss of 1 for a constant output, the mean', () => {
    const sample = symmetricCloud(400)
    const { inputScale, mseScale, centre } = calibrate({ x: sample }, 4)
    const scaled = Array.from(sample, (value) => value * inputScale)
    expect(scaled.reduce((sum, value) => sum + value ** 2, 0) / 800).toBeCloseTo(4, 4)
    const deviations = scaled.reduce((sum, value, at) => sum + (value - CENTRE[at % 4]! * inputScale) ** 2, 0)
    expect((mseScale * deviations) / scaled.length).toBeCloseTo(1, 4)
    for (const [i, c] of CENTRE.entries()) expect(centre[i]).toBeCloseTo(c * inputScale, 4)
  })
})
