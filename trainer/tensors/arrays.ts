/** Tensors as float arrays in plain memory: sizes of shapes, rows, norms. Nothing here needs a backend. */
import type { Random } from './random'

/** A named parameter as plain memory, row-major. */
export interface NamedTensor {
  shape: number[]
  data: Float32Array
}

/** Number of values in a tensor of this shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Joins the arrays, one after the other. */
export function concatFloats(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** ‖v‖, summed in doubles. */
export function norm(vector: Float32Array): number {
  return Math.sqrt(sumOfSquares(vector, 0, vector.length))
}

/** `[rows]` ‖row‖ of a row-major matrix. */
export function rowNorms(matrix: Float32Array, width: number): Float32Array {
  const norms = new Float32Array(matrix.length / width)
  for (let row = 0; row < norms.length; row++) {
    norms[row] = Math.sqrt(sumOfSquares(matrix, row * width, (row + 1) * width))
  }
  return norms
}

function sumOfSquares(values: Float32Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += values[i]! * values[i]!
  return sum
}

/** `[rows, width]` independent uniform directions. */
export function randomDirections(rows: number, width: number, random: Random): Float32Array {
  const matrix = new Float32Array(rows * width)
  for (let at = 0; at < matrix.length; at += width) {
    const row = matrix.subarray(at, at + width)
    for (let i = 0; i < width; i++) row[i] = random.normal()
    const length = norm(row)
    for (let i = 0; i < width; i++) row[i]! /= length
  }
  return matrix
}
