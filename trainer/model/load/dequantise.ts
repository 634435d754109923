/**
 * The GGUF tensor types that Loupe reads: the block layout of each and a function. A new type is one entry and a test
 * with known values. Layouts: ggml's `ggml-common.h`; everything is little-endian.
 */

export interface GgufTensorType {
  name: string
  /** Values per block. */
  blockValues: number
  /** Bytes per block. */
  blockBytes: number
  /** Fills `out` from whole blocks. `out.length` is a multiple of `blockValues`. */
  decode(bytes: Uint8Array, out: Float32Array): void
}

/** By ggml's type number. */
const TYPES: ReadonlyMap<number, GgufTensorType> = new Map([
  [0, { name: 'F32', blockValues: 1, blockBytes: 4, decode: decodeF32 }],
  [1, { name: 'F16', blockValues: 1, blockBytes: 2, decode: decodeF16 }],
  [3, { name: 'Q4_1', blockValues: 32, blockBytes: 20, decode: decodeQ4_1 }],
  [8, { name: 'Q8_0', blockValues: 32, blockBytes: 34, decode: decodeQ8_0 }],
])

export function ggufTensorType(number: number): GgufTensorType | undefined {
  return TYPES.get(number)
}

export const ggufTensorTypeNames: readonly string[] = [...TYPES.values()].map(({ name }) => name)

function decodeF32(bytes: Uint8Array, out: Float32Array): void {
  const view = viewOf(bytes)
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat32(4 * i, true)
}

function decodeF16(bytes: Uint8Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = halfAt(bytes, 2 * i)
}

/** 32 values of 8 bits under one scale: `d · q`. */
function decodeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let block = 0, to = 0; to < out.length; block += 34, to += 32) {
    const scale = halfAt(bytes, block)
    for (let i = 0; i < 32; i++) out[to + i] = scale * signed[block + 2 + i]!
  }
}

/** 32 values of 4 bits under one scale and one minimum: `d · q + m`; low nibbles are the first half. */
function decodeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, to = 0; to < out.length; block += 20, to += 32) {
    const scale = halfAt(bytes, block)
    const minimum = halfAt(bytes, block + 2)
    for (let i = 0; i < 16; i++) {
      const pair = bytes[block + 4 + i]!
      out[to + i] = scale * (pair & 15) + minimum
      out[to + 16 + i] = scale * (pair >> 4) + minimum
    }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** IEEE half precision at a byte position. */
function halfAt(bytes: Uint8Array, position: number): number {
  return (halves ??= halfTable())[bytes[position]! | (bytes[position + 1]! << 8)]!
}

/** All 65,536 half-precision numbers: the table is several times faster than the arithmetic. */
let halves: Float32Array | undefined

function halfTable(): Float32Array {
  return Float32Array.from({ length: 65_536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 31
    const fraction = bits & 1023
    if (exponent === 31) return fraction ? NaN : sign * Infinity
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
  })
}
