/** The safetensors container: an 8-byte little-endian header length, a JSON header, then the tensors' bytes. */
import { LoupeError } from '../errors'
import { sizeOf } from './arrays'

/** Bytes per element of every dtype of the format. The reader can skip tensors of all of them. */
const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const

type SafetensorsDtype = keyof typeof DTYPE_BYTES

export interface TensorInfo {
  dtype: SafetensorsDtype
  shape: number[]
  /** First byte and the byte after the last, counted from the start of the tensor data. */
  begin: number
  end: number
}

export interface SafetensorsHeader {
  tensors: Map<string, TensorInfo>
  metadata: Record<string, string>
}

/** The limit of the reference implementation. A longer header is an attack, or the file is not a safetensors file. */
const MAX_HEADER_BYTES = 100_000_000

/** The remedy for every refused container. */
const FETCH_AGAIN = 'the file is damaged or not a safetensors file: fetch or write it again'

/** The error for a bad container: which file, what was found, what was expected. */
export function damaged(source: string, complaint: string, cause?: unknown): LoupeError {
  return new LoupeError('bad-input', `${source}: ${complaint}`, { remedy: FETCH_AGAIN, cause })
}

/**
 * The header's length from the container's first 8 bytes.
 * @throws LoupeError if the container is shorter, or if the header is longer than the limit or than the container
 */
export function headerLength(first: Uint8Array, totalBytes: number, source: string): number {
  if (totalBytes < 8 || first.length < 8) throw damaged(source, `${totalBytes} bytes, expected at least 8`)
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true)
  if (length > MAX_HEADER_BYTES) {
    throw damaged(source, `its header claims ${length} bytes, the limit is ${MAX_HEADER_BYTES}`)
  }
  if (8 + Number(length) > totalBytes) {
    throw damaged(source, `its header claims ${length} bytes, but the file ends after ${totalBytes}`)
  }
  return Number(length)
}

/**
 * Parses and checks a header. The byte count of every tensor must follow from its shape and dtype. The tensors must fill
 * the data without gap or overlap, so that no byte is read twice, left out or hidden.
 *
 * @param dataBytes bytes that follow the header
 * @param source file name or description, for messages
 */
export function parseHeader(json: Uint8Array, dataBytes: number, source: string): SafetensorsHeader {
  const text = decodeUtf8(json, source)
  const header = parseObject(text, source)
  refuseDuplicates(text, source)
  const metadata: Record<string, string> = {}
  const tensors = new Map<string, TensorInfo>()
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') Object.assign(metadata, parseMetadata(value, source))
    else tensors.set(name, parseTensorInfo(name, value, source))
  }
  checkCoverage(tensors, dataBytes, source)
  return { tensors, metadata }
}

function decodeUtf8(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw damaged(source, 'its header is not UTF-8 text', cause)
  }
}

function parseObject(text: string, source: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(source, `its header is not JSON (${(cause as Error).message})`, cause)
  }
  if (!isObject(value)) throw damaged(source, 'its header is not a JSON object')
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON.parse silently keeps the last of two equal keys, so this searches the text, which is valid JSON. */
function refuseDuplicates(text: string, source: string): void {
  const seen = new Set<string>()
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    else if (character === '"') {
      const end = endOfString(text, i)
      if (depth === 1 && /^\s*:/.test(text.slice(end + 1, end + 20))) {
        const name = JSON.parse(text.slice(i, end + 1)) as string
        if (seen.has(name)) throw damaged(source, `its header names "${name}" twice`)
        seen.add(name)
      }
      i = end
    }
  }
}

function endOfString(text: string, start: number): number {
  let i = start + 1
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

function parseMetadata(value: unknown, source: string): Record<string, string> {
  if (!isObject(value) || !Object.values(value).every((entry) => typeof entry === 'string')) {
    throw damaged(source, '__metadata__ is not an object of strings')
  }
  return value as Record<string, string>
}

function parseTensorInfo(name: string, value: unknown, source: string): TensorInfo {
  const entry = isObject(value) ? value : {}
  const { dtype, shape, data_offsets: offsets } = entry
  if (!isCounts(shape))
    throw damaged(source, `tensor "${name}" has the shape ${brief(shape)}, expected a list of counts`)
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw damaged(source, `tensor "${name}" has the offsets ${brief(offsets)}, expected [begin, end]`)
  }
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    throw new LoupeError('unsupported', `${source}: tensor "${name}" has the dtype ${brief(dtype)}`, {
      remedy: `known dtypes: ${Object.keys(DTYPE_BYTES).join(', ')}`,
    })
  }
  const info: TensorInfo = { dtype: dtype as SafetensorsDtype, shape, begin: offsets[0]!, end: offsets[1]! }
  const expected = sizeOf(info.shape) * DTYPE_BYTES[info.dtype]
  if (info.end - info.begin !== expected) {
    throw damaged(
      source,
      `tensor "${name}" (${dtype} [${shape.join(', ')}]) takes ${info.end - info.begin} bytes, expected ${expected}`,
    )
  }
  return info
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && (entry as number) >= 0)
}

/** A value of the file in a message, always short and flat: a hostile header could overflow the stack of JSON.stringify. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(briefScalar).join(', ')}${value.length > 8 ? ', …' : ''}]`
  return briefScalar(value)
}

function briefScalar(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return typeof value === 'object' && value !== null ? '{…}' : String(value)
}

function checkCoverage(tensors: ReadonlyMap<string, TensorInfo>, dataBytes: number, source: string): void {
  const ordered = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)
  let position = 0
  for (const [name, { begin, end }] of ordered) {
    if (end > dataBytes) {
      throw damaged(source, `truncated: tensor "${name}" ends at byte ${end} of the data, which has ${dataBytes}`)
    }
    if (begin < position) throw damaged(source, `tensor "${name}" overlaps the one before it (begins at byte ${begin})`)
    if (begin > position) throw damaged(source, `${begin - position} bytes before tensor "${name}" belong to no tensor`)
    position = end
  }
  if (position < dataBytes)
    throw damaged(source, `${dataBytes - position} bytes after the last tensor belong to no tensor`)
}
