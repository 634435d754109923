/** GGUF files: @huggingface/gguf reads the header; Loupe reads and dequantises the tensors one by one. */
import { GGMLQuantizationType, gguf } from '@huggingface/gguf'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoupeError } from '../../errors'
import type { GgufMetadata, TensorSpec, WeightReader } from '../families/family'
import { ggufTensorType, ggufTensorTypeNames, type GgufTensorType } from './dequantise'
import { ggufMetadata } from './ggufMetadata'
import { checkTensors } from './tensors'
import { sizeOf } from '../../tensors/arrays'

const FETCH_AGAIN = 'the file is damaged, or its download did not finish: fetch it again'

/** Node reads at most 2 GiB at once. */
const READ_BYTES = 2 ** 30

interface GgufTensor {
  name: string
  /** Row-major, as everywhere in Loupe; the file lists the dimensions in reverse order. */
  shape: number[]
  /** ggml's number of the type, and its layout where Loupe reads it. */
  typeNumber: number
  type: GgufTensorType | undefined
  /** Absolute position in the file, in bytes. */
  position: number
  /** 0 for types that Loupe does not read. */
  bytes: number
}

export interface GgufFile {
  metadata: GgufMetadata
  tensorNames: ReadonlySet<string>
  /** Checks that the tensors are there with these shapes, then reads them on demand. */
  weights(specs: readonly TensorSpec[]): WeightReader
  close(): Promise<void>
}

/**
 * Opens a GGUF file and checks that the file contains every tensor that it names.
 * @throws LoupeError for a damaged or truncated file and for tensor types Loupe does not read
 */
export async function openGguf(path: string): Promise<GgufFile> {
  const source = basename(path)
  const { size } = await stat(path)
  const header = await readHeader(path, source)
  const metadata = ggufMetadata(header.metadata as Record<string, unknown>, source)
  if (!header.littleEndian) throw new LoupeError('unsupported', `${source} is big-endian`, { remedy: 'convert it' })
  const dataStart = Number(header.tensorDataOffset)
  if (dataStart > size) throw truncated(source, `its header ends at byte ${dataStart}`, size)
  const tensors = new Map<string, GgufTensor>()
  for (const info of header.tensorInfos) {
    const tensor = readTensorInfo(info, dataStart, source)
    const end = tensor.position + tensor.bytes
    if (end > size) throw truncated(source, `tensor "${tensor.name}" ends at byte ${end}`, size)
    tensors.set(tensor.name, tensor)
  }
  const handle = await open(path, 'r')
  return {
    metadata,
    tensorNames: new Set(tensors.keys()),
    weights(specs) {
      checkTensors(
        specs.map(({ gguf, shape }) => ({ name: gguf, shape })),
        tensors,
        source,
      )
      for (const spec of specs) checkType(tensors.get(spec.gguf)!, source)
      return { read: (spec) => readTensor(handle, tensors.get(spec.gguf)!, spec, source) }
    },
    close: () => handle.close(),
  }
}

async function readHeader(path: string, source: string) {
  try {
    return await gguf(path, { allowLocalFile: true })
  } catch (cause) {
    const reason = cause instanceof RangeError ? 'its header ends too early' : (cause as Error).message
    throw new LoupeError('bad-input', `${source} is not a readable GGUF file: ${reason}`, {
      remedy: FETCH_AGAIN,
      cause,
    })
  }
}

function truncated(source: string, what: string, size: number): LoupeError {
  return new LoupeError('bad-input', `${source} is truncated: ${what}, but the file has ${size} bytes`, {
    remedy: FETCH_AGAIN,
  })
}

function readTensorInfo(
  info: { name: string; shape: bigint[]; dtype: number; offset: bigint },
  dataStart: number,
  source: string,
): GgufTensor {
  const { name, dtype: typeNumber } = info
  const type = ggufTensorType(typeNumber)
  const shape = info.shape.map(Number).reverse()
  const values = sizeOf(shape)
  const position = dataStart + Number(info.offset)
  if (!Number.isSafeInteger(values) || !Number.isSafeInteger(position) || (type && values % type.blockValues !== 0)) {
    throw new LoupeError('bad-input', `${source}: tensor "${name}" has the impossible shape [${shape.join(', ')}]`, {
      remedy: FETCH_AGAIN,
    })
  }
  return { name, shape, typeNumber, type, position, bytes: type ? (values / type.blockValues) * type.blockBytes : 0 }
}

function checkType({ name, type, typeNumber }: GgufTensor, source: string): void {
  if (type) return
  const typeName = GGMLQuantizationType[typeNumber] ?? `number ${typeNumber}`
  throw new LoupeError('unsupported', `${source}: tensor "${name}" has the GGUF type ${typeName}`, {
    remedy: `Loupe reads ${ggufTensorTypeNames.join(', ')}: use a file quantised to one of them`,
  })
}

async function readTensor(handle: FileHandle, tensor: GgufTensor, spec: TensorSpec, source: string) {
  const bytes = new Uint8Array(tensor.bytes)
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(READ_BYTES, bytes.length - done)
    const { bytesRead } = await handle.read(bytes, done, length, tensor.position + done)
    done += bytesRead
    if (bytesRead === 0) throw truncated(source, `tensor "${tensor.name}" ends early`, tensor.position + done)
  }
  const values = new Float32Array(sizeOf(spec.shape))
  tensor.type!.decode(bytes, values)
  return spec.ggufInterleavedHeads ? deinterleaveHeads(values, spec.ggufInterleavedHeads, spec.shape[1]!) : values
}

/**
 * Rows of each head from llama.cpp's interleaved order (0, half, 1, half+1, …) back to halves (0, 1, …, half, …).
 * @param width values per row
 */
function deinterleaveHeads(values: Float32Array, heads: number, width: number): Float32Array {
  const result = new Float32Array(values.length)
  const rows = values.length / width / heads
  for (let head = 0; head < heads; head++) {
    for (let row = 0; row < rows; row++) {
      const from = (head * rows + row) * width
      const to = head * rows + (row >> 1) + (row % 2) * (rows / 2)
      result.set(values.subarray(from, from + width), to * width)
    }
  }
  return result
}
