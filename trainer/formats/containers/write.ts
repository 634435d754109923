/** Writes files for `torch.load(weights_only=True)` and `numpy.load`; equal contents are equal bytes. */
import { zipSync, type Zippable } from 'fflate'
import { LoupeError } from '../../errors'
import { sizeOf } from '../../tensors/arrays'

interface WrittenTensor {
  shape: readonly number[]
  data: Float32Array | Int32Array | BigInt64Array
}

/** The values of a state dict. */
export type WrittenValue = WrittenTensor | string | number | { readonly [key: string]: WrittenValue }

/** The limit of zip archives without the extension for large ones. */
const MAX_ARCHIVE_BYTES = 2 ** 32 - 2 ** 20

/** A state dict as `torch.save` lays it out: a pickle that describes tensors, a member for each tensor's numbers. */
export function encodeTorch(state: Readonly<Record<string, WrittenValue>>): Uint8Array {
  const storages: Uint8Array[] = []
  const pickle = Buffer.concat([PROTOCOL_2, ...pickled(state, storages), STOP])
  const members: Zippable = { 'archive/data.pkl': pickle, 'archive/byteorder': Buffer.from('little') }
  storages.forEach((bytes, i) => (members[`archive/data/${i}`] = bytes))
  members['archive/version'] = Buffer.from('3\n')
  return encodeZip(members)
}

/** Arrays as `numpy.savez` lays them out. */
export function encodeNpz(
  arrays: Readonly<Record<string, { shape: readonly number[]; data: Float32Array }>>,
): Uint8Array {
  const members = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const)
  return encodeZip(Object.fromEntries(members))
}

/** Uncompressed, because numbers hardly shrink; with one fixed date. */
function encodeZip(members: Zippable): Uint8Array {
  const bytes = Object.values(members).reduce((sum, member) => sum + (member as Uint8Array).length, 0)
  if (bytes > MAX_ARCHIVE_BYTES) {
    throw new LoupeError('too-large', `the weights take ${bytes} bytes, above the limit of this layout (4 GiB)`, {
      remedy: 'export them with --format saelens',
    })
  }
  return zipSync(members, { level: 0, mtime: new Date(1980, 0, 1) })
}

function encodeNpy({ shape, data }: { shape: readonly number[]; data: Float32Array }): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`
  // The numbers begin at a multiple of 64 bytes, the header ends with a line feed.
  const padded = header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 11) + '\n'
  const start = Buffer.from(`\x93NUMPY\x01\x00..${padded}`, 'latin1')
  start.writeUInt16LE(padded.length, 8)
  return Buffer.concat([start, bytesOf(data)])
}

const PROTOCOL_2 = Buffer.of(0x80, 2)
const STOP = Buffer.from('.')
const MARK = Buffer.from('(')
const TUPLE = Buffer.from('t')
const CALL = Buffer.from('R')

function isTensor(value: WrittenValue): value is WrittenTensor {
  return typeof value === 'object' && ArrayBuffer.isView(value['data'])
}

/** The opcodes that leave a value on the stack of Python's unpickler. */
function pickled(value: WrittenValue, storages: Uint8Array[]): Buffer[] {
  if (typeof value === 'string') return [text(value)]
  if (typeof value === 'number') return [integer(value)]
  if (isTensor(value)) return tensor(value, storages)
  const items = Object.entries(value).flatMap(([key, item]) => [text(key), ...pickled(item, storages)])
  return [Buffer.from('}('), ...items, Buffer.from('u')]
}

/** `_rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`. */
function tensor({ shape, data }: WrittenTensor, storages: Uint8Array[]): Buffer[] {
  if (sizeOf(shape) !== data.length) throw new Error(`${data.length} values for the shape [${shape.join(', ')}]`)
  const type = data instanceof Float32Array ? 'FloatStorage' : data instanceof Int32Array ? 'IntStorage' : 'LongStorage'
  const key = String(storages.push(bytesOf(data)) - 1)
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  const storage = [MARK, text('storage'), name('torch', type), text(key), text('cpu'), integer(data.length), TUPLE]
  const none = [name('collections', 'OrderedDict'), Buffer.from(')'), CALL]
  return [
    name('torch._utils', '_rebuild_tensor_v2'),
    MARK,
    ...storage,
    Buffer.from('Q'),
    integer(0),
    tuple(shape),
    tuple(strides),
    Buffer.of(0x89),
    ...none,
    TUPLE,
    CALL,
  ]
}

function tuple(values: readonly number[]): Buffer {
  return Buffer.concat([MARK, ...values.map(integer), TUPLE])
}

function name(module: string, member: string): Buffer {
  return Buffer.from(`c${module}\n${member}\n`)
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const head = Buffer.from('X....')
  head.writeUInt32LE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** As 32 bits, or 64 where it does not fit. */
function integer(value: number): Buffer {
  const fits = value === (value | 0)
  const bytes = Buffer.alloc(fits ? 5 : 10)
  if (fits) {
    bytes.writeUInt8(0x4a)
    bytes.writeInt32LE(value, 1)
  } else {
    bytes.set([0x8a, 8])
    bytes.writeBigInt64LE(BigInt(value), 2)
  }
  return bytes
}

function bytesOf(data: Float32Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
