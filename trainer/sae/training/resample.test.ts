import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import {
  batchOf,
  ENGINES,
  initialised,
  randomRows,
  roughParameters,
  SILENT,
  smallSpec,
  varyingSpecs,
} from '../engines/engines.testing'
import { resample } from './resample'
import { isResampling, learningRateAt } from '../architectures/schedule'
import type { EngineState, TrainEngine } from '../step/spec'
import type { NamedTensor } from '../../tensors/arrays'

const N = 32

beforeAll(async () => {
  await loadBackend('tensorflow')
})

describe.each(ENGINES)('resampling on the %s engine', (_, create) => {
  let engine: TrainEngine
  afterEach(() => engine.dispose())

  it('gives every dead latent the direction of an input, and changes no other latent', async () => {
    const spec = smallSpec({ deadAfterTokens: N })
    engine = await initialised(create(), spec)
    await engine.step(batchOf(spec, N, 0), { learningRate: 1e-3, readMetrics: false })
    const before = await engine.state()
    const dead = Array.from(before.tensors['tokens_since_fired']!.data.keys()).filter(
      (f) => before.tensors['tokens_since_fired']!.data[f]! >= N,
    )
    expect(dead).toEqual(expect.arrayContaining(SILENT))
    const pool = { x: randomRows(200, 12, 'pool') }
    expect(await resample(engine, spec, pool, 'seed')).toBe(dead.length)
    const { tensors } = await engine.state()
    const b_dec = tensors['b_dec']!.data
    const norms = Array.from({ length: 40 }, (__, f) =>
      Math.hypot(...Array.from({ length: 12 }, (___, i) => before.tensors['W_enc']!.data[i * 40 + f]!)),
    )
    const alive = norms.filter((__, f) => !dead.includes(f))
    const expected = (0.2 * alive.reduce((sum, norm) => sum + norm, 0)) / alive.length
    for (let f = 0; f < 40; f++) {
      const row = tensors['W_dec']!.data.subarray(f * 12, (f + 1) * 12)
      const column = Float32Array.from({ length: 12 }, (__, i) => tensors['W_enc']!.data[i * 40 + f]!)
      if (!dead.includes(f)) {
        expect(ofLatent(tensors, f)).toEqual(ofLatent(before.tensors, f))
        continue
      }
      const best = Math.max(
        ...Array.from({ length: 200 }, (__, t) =>
          cosine(
            row,
            Float32Array.from({ length: 12 }, (___, i) => 0.8 * pool.x[t * 12 + i]! - b_dec[i]!),
          ),
        ),
      )
      expect(best).toBeCloseTo(1, 5)
      expect(cosine(row, column)).toBeCloseTo(1, 5)
      expect(Math.hypot(...column)).toBeCloseTo(expected, 4)
      expect(tensors['b_enc']!.data[f]).toBe(0)
      expect(tensors['tokens_since_fired']!.data[f]).toBe(0)
      for (const moment of ['adam.m.', 'adam.v.']) {
        expect(tensors[`${moment}b_enc`]!.data[f]).toBe(0)
        expect(tensors[`${moment}W_dec`]!.data.subarray(f * 12, (f + 1) * 12).every((value) => value === 0)).toBe(true)
      }
    }
  })

  it('resets thresholds, draws the same for equal seeds, and does nothing where all are alive', async () => {
    const spec = { ...varyingSpecs(N).find(([name]) => name === 'jumprelu')![1], deadAfterTokens: N }
    const outcomes = []
    for (const seed of ['a', 'a', 'b']) {
      engine = await initialised(create(), spec, roughParameters(spec))
      await engine.step(batchOf(spec, N, 0), { learningRate: 1e-3, readMetrics: false })
      const count = await resample(engine, spec, { x: randomRows(200, 12, 'pool') }, seed)
      expect(count).toBeGreaterThan(0)
      const { tensors } = await engine.state()
      expect(tensors['threshold']!.data.filter((value) => value === 0.5)).toHaveLength(count)
      expect(await resample(engine, spec, { x: randomRows(200, 12, 'pool') }, seed)).toBe(0)
      outcomes.push(tensors)
      engine.dispose()
    }
    expect(outcomes[1]).toEqual(outcomes[0])
    expect(outcomes[2]!['W_dec']).not.toEqual(outcomes[0]!['W_dec'])
  })
})

it('happens at shares of the run or at steps, after which the learning rate rises again', () => {
  const run = { learningRate: 1, warmupSteps: 10, decaySteps: 0, resampleAt: [0.25, 50, 25_000] }
  expect([24, 25, 26, 50].map((step) => isResampling(step, 100, run.resampleAt))).toEqual([false, true, false, true])
  expect([24, 25, 29, 34, 49, 50].map((step) => learningRateAt(step, 100, run))).toEqual([1, 0.1, 0.5, 1, 1, 0.1])
})

/** Of every tensor the row, column or value that belongs to a latent; the whole tensor where nothing does. */
function ofLatent(tensors: EngineState['tensors'], latent: number): Record<string, Float32Array> {
  const partOf = ({ shape: [rows, width = 1], data }: NamedTensor) => {
    if (rows === 40) return data.slice(latent * width, (latent + 1) * width)
    return width === 40 ? data.filter((_value, at) => at % 40 === latent) : data
  }
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, partOf(tensor)]))
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b))
}
