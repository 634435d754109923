import { describe, expect, it } from 'vitest'
import { concatCodes, decodeSparse, fromDense, longestRow, sliceCodes, toDense } from './codes'

const dense = Float32Array.of(0, 2, 0, 1, /**/ -3, 0, 0, 0, /**/ 5, 4, 3, NaN)

describe('codes', () => {
  it('keep the positive entries of dense rows, in ascending order', () => {
    expect(fromDense(dense, 3, 4)).toEqual({
      n: 3,
      d_sae: 4,
      offsets: Int32Array.of(0, 2, 2, 5),
      indices: Int32Array.of(1, 3, 0, 1, 2),
      values: Float32Array.of(2, 1, 5, 4, 3),
    })
  })

  it('go back to dense rows', () => {
    expect(toDense(fromDense(dense, 3, 4))).toEqual(Float32Array.of(0, 2, 0, 1, 0, 0, 0, 0, 5, 4, 3, 0))
  })

  it('are cut and joined by rows', () => {
    const codes = fromDense(dense, 3, 4)
    const parts = [sliceCodes(codes, 0, 1), sliceCodes(codes, 1, 1), sliceCodes(codes, 1, 3)]
    expect(parts.map((part) => part.n)).toEqual([1, 0, 2])
    expect(toDense(parts[2]!)).toEqual(toDense(codes).subarray(4))
    expect(concatCodes(parts, 4)).toEqual(codes)
    expect(concatCodes([], 4)).toMatchObject({ n: 0, d_sae: 4, offsets: Int32Array.of(0) })
    expect(longestRow(codes)).toBe(3)
  })

  it('decode to the weighted sum of decoder rows', () => {
    const W_dec = Float32Array.of(1, 0, /**/ 0, 1, /**/ 10, 10, /**/ 100, -100)
    expect(decodeSparse(fromDense(dense, 3, 4), W_dec, 2)).toEqual(Float32Array.of(100, -98, 0, 0, 35, 34))
  })
})
