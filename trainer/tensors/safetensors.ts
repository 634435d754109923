/** Reads and writes safetensors: files tensor by tensor, blobs in memory, and deterministic output. */
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoupeError, nearestName } from '../errors'
import { toFloats, toIntegers } from './safetensorsConvert'
import { damaged, headerLength, parseHeader, type TensorInfo } from './safetensorsHeader'
import { sizeOf } from './arrays'

interface SafetensorsContents {
  readonly tensors: ReadonlyMap<string, TensorInfo>
  /** The header's `__metadata__`; empty if it is absent. */
  readonly metadata: Readonly<Record<string, string>>
}

/** An open file. The bytes of a tensor are read on demand. Every returned array belongs to the caller. */
export interface SafetensorsFile extends SafetensorsContents {
  /** F32, F16, BF16 and F64 as f32, row-major. Throws a LoupeError for other dtypes, unknown names and truncated files. */
  read(name: string): Promise<Float32Array>
  /** Integers and booleans as i32. Throws a LoupeError for floats and for values beyond 32 bits. */
  readIntegers(name: string): Promise<Int32Array>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The same as `SafetensorsFile`, over bytes in memory. Returned arrays are copies, so the bytes can be released. */
export interface SafetensorsBlob extends SafetensorsContents {
  read(name: string): Float32Array
  readIntegers(name: string): Int32Array
}

/** A tensor for `encodeSafetensors`: f32 or i32, row-major. */
export interface SafetensorsInput {
  shape: readonly number[]
  data: Float32Array | Int32Array
}

/** Node cannot read more than 2 GiB at once. */
const READ_BYTES = 2 ** 30

/**
 * Opens a file and checks its whole header against its size.
 * @throws LoupeError naming the file, what was found and what was expected
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const source = basename(path)
  const handle = await openFile(path)
  try {
    const { size } = await handle.stat()
    const first = await readBytes(handle, 0, Math.min(8, size), source)
    const length = headerLength(first, size, source)
    const header = parseHeader(await readBytes(handle, 8, length, source), size - 8 - length, source)
    const dataStart = 8 + length
    const bytesOf = ({ begin, end }: TensorInfo) => readBytes(handle, dataStart + begin, end - begin, source)
    const close = () => handle.close()
    return {
      ...header,
      read: async (name) => {
        const info = find(header, name, source)
        return toFloats(await bytesOf(info), name, info, source)
      },
      readIntegers: async (name) => {
        const info = find(header, name, source)
        return toIntegers(await bytesOf(info), name, info, source)
      },
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * The same reader over a whole container in memory.
 * @param source a name for the bytes, for messages
 */
export function parseSafetensors(bytes: Uint8Array, source = 'safetensors data'): SafetensorsBlob {
  const length = headerLength(bytes, bytes.length, source)
  const dataStart = 8 + length
  const header = parseHeader(bytes.subarray(8, dataStart), bytes.length - dataStart, source)
  // A new copy is aligned for every element size and independent of the container.
  const bytesOf = ({ begin, end }: TensorInfo) => new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end))
  return {
    ...header,
    read: (name) => {
      const info = find(header, name, source)
      return toFloats(bytesOf(info), name, info, source)
    },
    readIntegers: (name) => {
      const info = find(header, name, source)
      return toIntegers(bytesOf(info), name, info, source)
    },
  }
}

/**
 * A container whose bytes depend on its contents alone: names and metadata keys are sorted. Spaces pad the header to a
 * multiple of 8 bytes, as the format requires.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, SafetensorsInput>>,
  metadata: Readonly<Record<string, string>> = {},
): Buffer {
  const ordered = Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))
  const header: Record<string, unknown> = {}
  const metadataEntries = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))
  if (metadataEntries.length > 0) header['__metadata__'] = Object.fromEntries(metadataEntries)
  let end = 0
  for (const [name, { shape, data }] of ordered) {
    if (name === '__metadata__') throw new Error('a tensor cannot be named __metadata__')
    if (sizeOf(shape) !== data.length) {
      throw new Error(`tensor "${name}" has ${data.length} values, but the shape [${shape.join(', ')}]`)
    }
    const begin = end
    end += data.byteLength
    header[name] = { dtype: data instanceof Float32Array ? 'F32' : 'I32', shape, data_offsets: [begin, end] }
  }
  const json = Buffer.from(JSON.stringify(header))
  const headerBytes = Math.ceil(json.length / 8) * 8
  const result = Buffer.alloc(8 + headerBytes + end, ' ')
  result.writeBigUInt64LE(BigInt(headerBytes), 0)
  json.copy(result, 8)
  let position = 8 + headerBytes
  for (const [, { data }] of ordered) {
    result.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return result
}

function find({ tensors }: SafetensorsContents, name: string, source: string): TensorInfo {
  const info = tensors.get(name)
  if (info) return info
  const names = [...tensors.keys()]
  const nearest = nearestName(name, names)
  const list = names.length > 12 ? `${names.slice(0, 12).join(', ')}, … (${names.length} in all)` : names.join(', ')
  throw new LoupeError('not-found', `${source} has no tensor "${name}"`, {
    remedy: nearest ? `did you mean "${nearest}"? It holds: ${list}` : `it holds: ${list || 'nothing'}`,
  })
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r')
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new LoupeError('not-found', `there is no file ${path}`, { remedy: 'check the path', cause })
    }
    throw new LoupeError('bad-input', `${path} cannot be read (${(cause as Error).message})`, { cause })
  }
  throw new LoupeError('bad-input', `${path} is not a file`, { remedy: 'name a .safetensors file' })
}

/** Exactly `length` bytes from `position`, as a new array. */
async function readBytes(handle: FileHandle, position: number, length: number, source: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(READ_BYTES, length - done), position + done)
    if (bytesRead === 0) throw damaged(source, `truncated: it ends at byte ${position + done}`)
    done += bytesRead
  }
  return bytes
}
