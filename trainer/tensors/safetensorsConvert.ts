/** Converts the bytes of a tensor (little-endian, as on every machine that runs Loupe) to the arrays that Loupe uses. */
import { LoupeError } from '../errors'
import type { TensorInfo } from './safetensorsHeader'

const FLOATS = ['F32', 'F16', 'BF16', 'F64']
const INTEGERS = ['I64', 'I32', 'I16', 'I8', 'U64', 'U32', 'U16', 'U8', 'BOOL']

/**
 * Floating-point contents as f32 (F64 is rounded).
 * @param bytes exactly the tensor's bytes, at an offset that is a multiple of 8
 * @throws LoupeError `unsupported` for integers and 8-bit floats
 */
export function toFloats(bytes: Uint8Array, name: string, { dtype }: TensorInfo, source: string): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes
  if (dtype === 'F32') return new Float32Array(buffer, byteOffset, byteLength / 4)
  if (dtype === 'F64') return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8))
  if (dtype === 'BF16') return bfloat16ToFloats(new Uint16Array(buffer, byteOffset, byteLength / 2))
  if (dtype === 'F16') return float16ToFloats(new Uint16Array(buffer, byteOffset, byteLength / 2))
  throw wrongKind(name, dtype, FLOATS, source)
}

/**
 * Integer contents as i32.
 * @param bytes exactly the tensor's bytes, at an offset that is a multiple of 8
 * @throws LoupeError `unsupported` for floats, `bad-input` for a value that i32 cannot hold
 */
export function toIntegers(bytes: Uint8Array, name: string, { dtype }: TensorInfo, source: string): Int32Array {
  const { buffer, byteOffset, byteLength } = bytes
  if (dtype === 'I32') return new Int32Array(buffer, byteOffset, byteLength / 4)
  if (dtype === 'I16') return Int32Array.from(new Int16Array(buffer, byteOffset, byteLength / 2))
  if (dtype === 'U16') return Int32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2))
  if (dtype === 'I8') return Int32Array.from(new Int8Array(buffer, byteOffset, byteLength))
  if (dtype === 'U8' || dtype === 'BOOL') return Int32Array.from(bytes)
  if (dtype === 'U32') return narrow(new Uint32Array(buffer, byteOffset, byteLength / 4), name, source)
  if (dtype === 'I64') return narrow(new BigInt64Array(buffer, byteOffset, byteLength / 8), name, source)
  if (dtype === 'U64') return narrow(new BigUint64Array(buffer, byteOffset, byteLength / 8), name, source)
  throw wrongKind(name, dtype, INTEGERS, source)
}

function narrow(values: Uint32Array | BigInt64Array | BigUint64Array, name: string, source: string): Int32Array {
  const result = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]!)
    if (value !== (value | 0)) {
      throw new LoupeError(
        'bad-input',
        `${source}: tensor "${name}" holds ${values[i]!}, which does not fit into 32 bits`,
      )
    }
    result[i] = value
  }
  return result
}

function wrongKind(name: string, dtype: string, expected: readonly string[], source: string): LoupeError {
  return new LoupeError(
    'unsupported',
    `${source}: tensor "${name}" has the dtype ${dtype}, expected one of ${expected.join(', ')}`,
  )
}

/** bfloat16 is the upper half of an f32. */
function bfloat16ToFloats(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length)
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16
  return new Float32Array(bits.buffer)
}

let float16Table: Float32Array | undefined

function float16ToFloats(halves: Uint16Array): Float32Array {
  float16Table ??= Float32Array.from({ length: 65_536 }, (_, bits) => float16Value(bits))
  const result = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) result[i] = float16Table[halves[i]!]!
  return result
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
