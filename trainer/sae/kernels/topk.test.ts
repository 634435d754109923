import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import { RawTensorFlow } from '../../tensors/raw'
import { largestPerRow } from './topk'

let raw: RawTensorFlow
beforeAll(async () => {
  await loadBackend('tensorflow')
  raw = new RawTensorFlow()
})

const ROWS = 9

function expected(values: Float32Array, width: number, k: number): number[] {
  const columns = Array.from({ length: ROWS }, (_, row) => {
    const at = (column: number) => values[row * width + column]!
    const order = Array.from({ length: width }, (_value, column) => column).sort((a, b) => at(b) - at(a) || a - b)
    return order.slice(0, k).sort((a, b) => a - b)
  })
  return columns.flat()
}

describe('the k largest per row', () => {
  // Widths with and without divisors near the balance, and one below a single group per entry.
  it.each([512, 96, 37, 8])('are found exactly among %i, ties to the lowest index', (width) => {
    const random = createRandom(`topk ${width}`)
    for (const k of [1, 3, 8]) {
      for (const levels of [3, 40, 1e9]) {
        const values = Float32Array.from({ length: ROWS * width }, () => random.int(levels) - levels / 2)
        raw.tidy(() => {
          const found = largestPerRow(raw, raw.floats(values, [ROWS, width]), k)
          const columns = raw.readIntegers(found.columns)
          expect([...columns], `k ${k}, ${levels} levels`).toEqual(expected(values, width, k))
          expect([...raw.readIntegers(found.rows)]).toEqual(Array.from(columns, (_, i) => Math.floor(i / k)))
          expect([...raw.read(found.values)]).toEqual(
            Array.from(columns, (c, i) => values[Math.floor(i / k) * width + c]),
          )
        })
      }
    }
    expect(raw.live).toBe(0)
  })

  it('are refused among values that are not numbers', () => {
    const values = new Float32Array(ROWS * 64).fill(NaN)
    expect(() => raw.tidy(() => largestPerRow(raw, raw.floats(values, [ROWS, 64]), 4))).toThrow(/not finite/)
    expect(raw.live).toBe(0)
  })
})
