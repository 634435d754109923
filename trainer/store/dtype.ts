/** How activations are stored: little-endian f32 or bf16 (the upper half of an f32, rounded to nearest even). */

export const ACTIVATION_DTYPES = ['f32', 'bf16'] as const
export type ActivationDtype = (typeof ACTIVATION_DTYPES)[number]

export const BYTES_PER_VALUE: Record<ActivationDtype, number> = { f32: 4, bf16: 2 }

/** `values` as stored bytes. */
export function encodeActivations(values: Float32Array, dtype: ActivationDtype): Buffer {
  if (dtype === 'f32') return Buffer.from(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength))
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const out = new Uint16Array(values.length)
  for (let i = 0; i < bits.length; i++) out[i] = roundToBf16(bits[i]!)
  return Buffer.from(out.buffer)
}

function roundToBf16(bits: number): number {
  // Rounding could turn a NaN into infinity: keep it, as a quiet NaN.
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

/** Stored bytes as numbers; `bytes` may start at any offset. */
export function decodeActivations(bytes: Uint8Array, dtype: ActivationDtype): Float32Array {
  const out = new Float32Array(bytes.byteLength / BYTES_PER_VALUE[dtype])
  if (dtype === 'f32') new Uint8Array(out.buffer).set(bytes)
  else decodeBf16(new Uint16Array(bytes.slice().buffer), 0, out, 0, out.length)
  return out
}

/**
 * Reads single rows of a stored shard straight into a batch. `memory` is 4-byte aligned.
 * Returns a function that copies row `row` (of `width` values) to `target` at `offset`.
 */
export function rowCopier(
  memory: ArrayBuffer,
  dtype: ActivationDtype,
  width: number,
): (row: number, target: Float32Array, offset: number) => void {
  if (dtype === 'f32') {
    const values = new Float32Array(memory, 0, Math.floor(memory.byteLength / 4))
    return (row, target, offset) => target.set(values.subarray(row * width, (row + 1) * width), offset)
  }
  const halves = new Uint16Array(memory, 0, Math.floor(memory.byteLength / 2))
  return (row, target, offset) => decodeBf16(halves, row * width, target, offset, width)
}

function decodeBf16(from: Uint16Array, start: number, target: Float32Array, offset: number, count: number): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length)
  for (let i = 0; i < count; i++) bits[offset + i] = from[start + i]! << 16
}

/** int32 or float32 arrays as the bytes of a bytea column, and back. */
export function toBytes(values: Int32Array | Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
}

export function int32FromBytes(bytes: Uint8Array): Int32Array {
  return new Int32Array(aligned(bytes), 0, bytes.byteLength >>> 2)
}

export function float32FromBytes(bytes: Uint8Array): Float32Array {
  return new Float32Array(aligned(bytes), 0, bytes.byteLength >>> 2)
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
