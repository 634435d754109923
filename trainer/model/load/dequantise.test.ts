import { describe, expect, it } from 'vitest'
import { ggufTensorType, ggufTensorTypeNames } from './dequantise'

/** Half-precision bytes of numbers that are exact in it. */
const HALF = { 0.5: [0x00, 0x38], 2: [0x00, 0x40], '-1': [0x00, 0xbc], 0.25: [0x00, 0x34] } as const

function decode(type: number, bytes: readonly number[], values: number): number[] {
  const out = new Float32Array(values)
  // At an odd position of a larger buffer, as in a file: nothing may rely on alignment.
  const buffer = Uint8Array.from([99, ...bytes])
  ggufTensorType(type)!.decode(buffer.subarray(1), out)
  return [...out]
}

describe('GGUF tensor types', () => {
  it('are four, and know no others', () => {
    expect(ggufTensorTypeNames).toEqual(['F32', 'F16', 'Q4_1', 'Q8_0'])
    expect(ggufTensorType(12)).toBeUndefined()
  })

  it('F32', () => {
    const bytes = [...new Uint8Array(Float32Array.of(1.5, -2e-20).buffer)]
    expect(decode(0, bytes, 2)).toEqual([1.5, Math.fround(-2e-20)])
  })

  it('F16: normal and subnormal numbers, zeros, infinities, NaN', () => {
    const words = [0x3c00, 0xc500, 0x3555, 0x0001, 0x03ff, 0x7bff, 0x8000, 0x7c00, 0xfc00, 0x7e00]
    const bytes = words.flatMap((word) => [word & 255, word >> 8])
    const expected = [1, -5, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 65504, -0, Infinity, -Infinity, NaN]
    expect(decode(1, bytes, words.length)).toEqual(expected)
  })

  it('Q8_0: d · q, over two blocks', () => {
    const first = Array.from({ length: 32 }, (_, i) => i - 16)
    const block = (scale: readonly number[], values: number[]) => [...scale, ...values.map((value) => value & 255)]
    const bytes = [...block(HALF[0.5], first), ...block(HALF['-1'], new Array<number>(32).fill(-128))]
    expect(decode(8, bytes, 64)).toEqual([...first.map((value) => value / 2), ...new Array<number>(32).fill(128)])
  })

  it('Q4_1: d · q + m, low nibbles first', () => {
    const nibbles = Array.from({ length: 32 }, (_, i) => (i * 7) % 16)
    const pairs = Array.from({ length: 16 }, (_, i) => nibbles[i]! | (nibbles[i + 16]! << 4))
    const bytes = [...HALF[0.25], ...HALF['-1'], ...pairs]
    expect(decode(3, bytes, 32)).toEqual(nibbles.map((value) => value / 4 - 1))
  })
})
