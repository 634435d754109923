import { describe, expect, it } from 'vitest'
import { decodeActivations, encodeActivations, float32FromBytes, int32FromBytes, rowCopier, toBytes } from './dtype'

const bf16 = (value: number) => decodeActivations(encodeActivations(Float32Array.of(value), 'bf16'), 'bf16')[0]!

describe('activation dtypes', () => {
  it('keeps f32 bit for bit', () => {
    const values = Float32Array.of(0, -0, 1.1, -1e38, 1e-45, Infinity, NaN)
    expect(decodeActivations(encodeActivations(values, 'f32'), 'f32')).toEqual(values)
  })

  it('rounds bf16 to nearest, ties to even', () => {
    expect(bf16(1)).toBe(1)
    expect(bf16(1 + 2 ** -8)).toBe(1)
    expect(bf16(1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6)
    expect(bf16(1 + 2 ** -8 + 2 ** -20)).toBe(1 + 2 ** -7)
    expect(bf16(-(1 + 2 ** -8 + 2 ** -20))).toBe(-(1 + 2 ** -7))
    expect(Object.is(bf16(-0), -0)).toBe(true)
    expect([bf16(Infinity), bf16(-Infinity), bf16(NaN)]).toEqual([Infinity, -Infinity, NaN])
    expect(bf16(3.4028234663852886e38)).toBe(Infinity)
    const quietOnly = new Float32Array(Uint32Array.of(0x7f800001).buffer)
    expect(decodeActivations(encodeActivations(quietOnly, 'bf16'), 'bf16')[0]).toBeNaN()
  })

  it('rounds to bf16 within 2^-8 of the value, and a second time changes nothing', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i) * 10 ** ((i % 20) - 10))
    const rounded = decodeActivations(encodeActivations(values, 'bf16'), 'bf16')
    const errors = values.map((value, i) => Math.abs(rounded[i]! - value) / Math.abs(value || 1))
    expect(Math.max(...errors)).toBeLessThanOrEqual(2 ** -8)
    expect(Math.max(...errors)).toBeGreaterThan(2 ** -9)
    expect(decodeActivations(encodeActivations(rounded, 'bf16'), 'bf16')).toEqual(rounded)
  })

  it('copies single rows out of stored bytes', () => {
    const values = Float32Array.from({ length: 12 }, (_, i) => i / 4)
    for (const dtype of ['f32', 'bf16'] as const) {
      const memory = new ArrayBuffer(64)
      new Uint8Array(memory).set(encodeActivations(values, dtype))
      const target = new Float32Array(10)
      rowCopier(memory, dtype, 3)(2, target, 4)
      expect([...target]).toEqual([0, 0, 0, 0, 1.5, 1.75, 2, 0, 0, 0])
    }
  })

  it('reads columns from memory at any offset', () => {
    const shifted = Buffer.concat([Buffer.alloc(1), toBytes(Int32Array.of(1, -1, 2 ** 30))]).subarray(1)
    expect([...int32FromBytes(shifted)]).toEqual([1, -1, 2 ** 30])
    const floats = Buffer.concat([Buffer.alloc(3), toBytes(Float32Array.of(1.5, -2))]).subarray(3)
    expect([...float32FromBytes(floats)]).toEqual([1.5, -2])
  })
})
