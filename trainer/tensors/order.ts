/** Puts the values of a tensor into another order. */
import { sizeOf } from './arrays'

/** `[rows, columns]` → `[columns, rows]`, both row-major. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!
  }
  return result
}

/** A strided view in row-major order. It is not copied if it already has that order. */
export function strided(
  values: Float32Array,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array {
  const count = sizeOf(shape)
  if (isContiguous(shape, strides)) return values.subarray(offset, offset + count)
  const result = new Float32Array(count)
  const position = new Array<number>(shape.length).fill(0)
  let at = offset
  for (let i = 0; i < count; i++) {
    result[i] = values[at]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!
      if (++position[axis]! < shape[axis]!) break
      at -= strides[axis]! * shape[axis]!
      position[axis] = 0
    }
  }
  return result
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false
    expected *= shape[axis]!
  }
  return true
}
