import { describe, expect, it } from 'vitest'
import { fromDense } from '../sae/codes/codes'
import { METRICS } from './metrics'
import { ReconstructionMeter } from './reconstruction'

const [N, D] = [200, 12]

/** Activations around a mean far from zero, whose direction carries most of the norm. */
const x = Float32Array.from({ length: N * D }, (_, i) => 50 * ((i % D) + 1) + Math.sin(i * 7.3) * (1 + (i % 5)))
const codes = fromDense(
  x.map((_, i) => (i % 3 === 0 ? 2 : 0)),
  N,
  D,
)

function figures(reconstruction: Float32Array, input = x, batch = N) {
  const meter = new ReconstructionMeter(D, D)
  for (let row = 0; row < input.length / D; row += batch) {
    const part = (data: Float32Array): Float32Array => data.subarray(row * D, (row + batch) * D)
    const n = part(input).length / D
    meter.add(
      part(input),
      part(reconstruction),
      fromDense(
        Float32Array.from({ length: n * D }, (_, i) => (i % 3 === 0 ? 2 : 0)),
        n,
        D,
      ),
    )
  }
  return meter.figures()
}

const mean = Array.from({ length: D }, (_, i) => {
  let sum = 0
  for (let row = 0; row < N; row++) sum += x[row * D + i]!
  return sum / N
})

describe('reconstruction figures', () => {
  it('of a perfect reconstruction', () => {
    expect(figures(x)).toMatchObject({ explainedVariance: 1, nmse: 0, mse: 0, reconstructionBias: 1, l2Ratio: 1 })
    expect(figures(x).cosine).toBeCloseTo(1, 12)
  })

  it('of the mean: no variance explained, although the cosine is near one', () => {
    const predicted = Float32Array.from(x, (_, i) => mean[i % D]!)
    const { explainedVariance, cosine } = figures(predicted)
    expect(explainedVariance).toBeCloseTo(0, 6)
    expect(cosine).toBeGreaterThan(0.99)
  })

  it('of half the input: by hand', () => {
    const { reconstructionBias, l2Ratio, cosine, mse, nmse } = figures(x.map((value) => value / 2))
    expect(reconstructionBias).toBeCloseTo(0.5, 12)
    expect(l2Ratio).toBeCloseTo(0.5, 12)
    expect(cosine).toBeCloseTo(1, 12)
    const squares = x.reduce((sum, value) => sum + (value / 2) ** 2, 0)
    expect(mse).toBeCloseTo(squares / (N * D), 6)
    const variance = x.reduce((sum, value, i) => sum + (value - mean[i % D]!) ** 2, 0)
    expect(nmse).toBeCloseTo(squares / variance, 6)
  })

  it('do not depend on batches', () => {
    const reconstruction = x.map((value, i) => value + Math.cos(i))
    const whole = figures(reconstruction)
    for (const batch of [1, 7, 64]) {
      for (const [name, value] of Object.entries(figures(reconstruction, x, batch))) {
        expect(value).toBeCloseTo(whole[name as keyof typeof whole]!, 9)
      }
    }
  })

  it('do not change when every token comes twice', () => {
    const reconstruction = x.map((value, i) => value + Math.cos(i))
    const once = figures(reconstruction)
    const twice = figures(Float32Array.of(...reconstruction, ...reconstruction), Float32Array.of(...x, ...x))
    expect(twice.tokens).toBe(2 * N)
    for (const name of ['l0', 'l1', 'mse', 'explainedVariance', 'cosine', 'l2Ratio', 'reconstructionBias'] as const) {
      expect(twice[name]).toBeCloseTo(once[name]!, 9)
    }
  })

  it('keep their digits when the common offset is large', () => {
    const offset = x.map((value) => Math.fround(value + 100_000))
    const centred = offset.map((value) => value - 100_000)
    expect(
      figures(
        offset.map((value) => value + 1),
        offset,
      ).nmse,
    ).toBeCloseTo(
      figures(
        centred.map((value) => value + 1),
        centred,
      ).nmse!,
      6,
    )
  })

  it('count codes: L0, L1 and the latents that never fired', () => {
    const { l0, l1, deadShare } = figures(x)
    expect(l0).toBe(4)
    expect(l1).toBe(8)
    expect(deadShare).toBe(8 / 12)
    const meter = new ReconstructionMeter(D, D)
    meter.add(x, x, codes)
    expect([...meter.fired]).toEqual(Array.from({ length: D }, (_, f) => (f % 3 === 0 ? N : 0)))
  })

  it('are undefined rather than wrong where nothing varies', () => {
    const constant = new Float32Array(N * D).fill(3)
    expect(figures(constant, constant)).toMatchObject({ explainedVariance: null, nmse: null })
    expect(figures(new Float32Array(N * D), new Float32Array(N * D))).toMatchObject({ cosine: null, l2Ratio: null })
    expect(() => new ReconstructionMeter(D, D).figures()).toThrow('there are no tokens to measure on')
  })

  it('each have a definition for people', () => {
    for (const name of Object.keys(figures(x))) expect(METRICS).toHaveProperty(name)
  })
})
