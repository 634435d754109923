/** Writes small GGUF files (version 3, little-endian) for tests. */

export type GgufValue = string | number | boolean | string[] | number[]

export interface GgufTensorInput {
  name: string
  /** Row-major. */
  shape: readonly number[]
  /** ggml's type number. */
  type: number
  bytes: Uint8Array
}

const ALIGNMENT = 32

export function encodeGguf(metadata: Record<string, GgufValue>, tensors: readonly GgufTensorInput[]): Buffer {
  const header: Buffer[] = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(Object.keys(metadata).length)]
  for (const [key, value] of Object.entries(metadata)) header.push(text(key), ...typed(value))
  const data: Buffer[] = []
  let offset = 0
  for (const { name, shape, type, bytes } of tensors) {
    header.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(type), u64(offset))
    const padded = Buffer.concat([bytes, Buffer.alloc(padding(bytes.length))])
    data.push(padded)
    offset += padded.length
  }
  const head = Buffer.concat(header)
  return Buffer.concat([head, Buffer.alloc(padding(head.length)), ...data])
}

const padding = (length: number) => (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT

function typed(value: GgufValue): Buffer[] {
  if (Array.isArray(value)) {
    const items = (value as (string | number)[]).map((item) => scalar(item))
    return [u32(9), u32(items[0]?.type ?? 8), u64(items.length), ...items.map(({ bytes }) => bytes)]
  }
  const { type, bytes } = scalar(value)
  return [u32(type), bytes]
}

function scalar(value: string | number | boolean): { type: number; bytes: Buffer } {
  if (typeof value === 'string') return { type: 8, bytes: text(value) }
  if (typeof value === 'boolean') return { type: 7, bytes: Buffer.from([value ? 1 : 0]) }
  if (Number.isInteger(value)) return { type: 4, bytes: u32(value) }
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return { type: 6, bytes }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
