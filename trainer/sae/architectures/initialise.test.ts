import { beforeAll, describe, expect, it } from 'vitest'
import { correlation } from '../../evaluate/correlation'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import { calibrate } from './calibrate'
import { transcoderParameters } from './initialise'
import { leastSquaresMap } from './linearMap'

beforeAll(async () => {
  await loadBackend('tensorflow')
})

const [ROWS, D_IN, D_OUT, D_SAE] = [400, 5, 3, 11]
const random = createRandom('initialise')
const B = Float32Array.from({ length: D_IN * D_OUT }, () => random.normal())

/** Inputs of unequal spread about a far centre, which correlate. */
const x = Float32Array.from({ length: ROWS * D_IN }, (_, at) => 10 + (at % D_IN) + (1 + (at % D_IN)) * random.normal())
for (let at = 1; at < x.length; at += D_IN) x[at]! += 0.5 * x[at - 1]!

function targets(noise: number): Float32Array {
  return Float32Array.from({ length: ROWS * D_OUT }, (_, at) => {
    const [row, column] = [Math.floor(at / D_OUT), at % D_OUT]
    const own = x.subarray(row * D_IN, (row + 1) * D_IN)
    return own.reduce((sum, value, i) => sum + value * B[i * D_OUT + column]!, -40) + noise * random.normal()
  })
}

describe('the best linear map', () => {
  it('is found where targets are linear in inputs', () => {
    const found = leastSquaresMap(x, targets(0), ROWS)
    for (const [i, value] of B.entries()) expect(found[i]).toBeCloseTo(value, 3)
  })

  it('leaves an error that no input is correlated with', () => {
    const y = targets(3)
    const found = leastSquaresMap(x, y, ROWS)
    const errors = y.map((value, at) => {
      const own = x.subarray(Math.floor(at / D_OUT) * D_IN, (Math.floor(at / D_OUT) + 1) * D_IN)
      return value - own.reduce((sum, input, i) => sum + input * found[i * D_OUT + (at % D_OUT)]!, 0)
    })
    const of = (values: Float32Array, width: number, column: number) => values.filter((_, at) => at % width === column)
    for (let i = 0; i < D_IN; i++) {
      for (let j = 0; j < D_OUT; j++) expect(correlation(of(x, D_IN, i), of(errors, D_OUT, j))).toBeCloseTo(0, 3)
    }
  })
})

describe('a transcoder', () => {
  const first = (target: Float32Array) => {
    const sample = { x, target }
    const d_out = target.length / ROWS
    return transcoderParameters({ d_in: D_IN, d_out, d_sae: D_SAE, seed: 1 }, calibrate(sample, D_IN), sample)
  }

  it('starts with tied weights where inputs are the targets', () => {
    const { W_enc, W_dec } = first(x)
    for (let latent = 0; latent < D_SAE; latent++) {
      for (let i = 0; i < D_IN; i++) {
        expect(W_dec!.data[latent * D_IN + i]).toBeCloseTo(W_enc!.data[i * D_SAE + latent]!, 3)
      }
    }
  })

  it('starts with latents that are 0 at the centre of its inputs, and whose decoder rows have norm 1 and map to the targets', () => {
    const { W_enc, b_enc, W_dec } = first(targets(0))
    const { centre } = calibrate({ x }, D_IN)
    for (let latent = 0; latent < D_SAE; latent++) {
      const column = Float64Array.from({ length: D_IN }, (_, i) => W_enc!.data[i * D_SAE + latent]!)
      expect(column.reduce((sum, value, i) => sum + value * centre[i]!, b_enc!.data[latent]!)).toBeCloseTo(0, 4)
      const row = W_dec!.data.subarray(latent * D_OUT, (latent + 1) * D_OUT)
      const mapped = Array.from(row, (_, j) => column.reduce((sum, value, i) => sum + value * B[i * D_OUT + j]!, 0))
      const norm = Math.hypot(...mapped)
      for (const [j, value] of row.entries()) expect(value).toBeCloseTo(mapped[j]! / norm, 3)
    }
  })

  it('keeps random rows where the inputs do not predict the targets', () => {
    const alternating = Float32Array.from({ length: ROWS }, (_, at) => (at % 2 === 0 ? 1 : -1))
    const inputs = alternating.map((_, at) => (at % 4 < 2 ? 1 : -1))
    const sample = { x: inputs, target: alternating }
    const { W_dec } = transcoderParameters({ d_in: 1, d_out: 1, d_sae: 4, seed: 0 }, calibrate(sample, 1), sample)
    for (const value of W_dec!.data) expect(Math.abs(value)).toBeCloseTo(1, 6)
  })
})
