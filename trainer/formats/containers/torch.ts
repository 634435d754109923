/** What `torch.save` writes: a zip archive with a pickle that describes tensors and one member for each storage. */
import { LoupeError } from '../../errors'
import { toFloats, toIntegers } from '../../tensors/safetensorsConvert'
import type { TensorInfo } from '../../tensors/safetensorsHeader'
import { strided } from '../../tensors/order'
import { readPickle, type AllowedName, type PickleValue } from './pickle'
import { damagedZip, openZip, type ZipArchive } from './zip'

/** The pickle describes tensors; their numbers are elsewhere. */
const MAX_PICKLE_BYTES = 16 * 2 ** 20
/** A view can repeat values (stride 0) up to this many elements; otherwise it is not larger than its storage. */
const MAX_REPEATED = 2 ** 20

const STORAGES = {
  FloatStorage: { dtype: 'F32', bytes: 4 },
  DoubleStorage: { dtype: 'F64', bytes: 8 },
  HalfStorage: { dtype: 'F16', bytes: 2 },
  BFloat16Storage: { dtype: 'BF16', bytes: 2 },
  LongStorage: { dtype: 'I64', bytes: 8 },
  IntStorage: { dtype: 'I32', bytes: 4 },
  ShortStorage: { dtype: 'I16', bytes: 2 },
  CharStorage: { dtype: 'I8', bytes: 1 },
  ByteStorage: { dtype: 'U8', bytes: 1 },
  BoolStorage: { dtype: 'BOOL', bytes: 1 },
} as const satisfies Record<string, { dtype: TensorInfo['dtype']; bytes: number }>

class Storage {
  constructor(
    readonly type: keyof typeof STORAGES,
    /** Name of its member below `data/`. */
    readonly key: string,
    /** In elements. */
    readonly length: number,
  ) {}
}

class StorageType {
  constructor(readonly type: keyof typeof STORAGES) {}
}

/** A tensor of the file: a view of one of its storages, checked to be inside it. */
export class TorchTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

export interface TorchFile {
  /** What was saved: maps, arrays, plain values and tensors. */
  readonly contents: PickleValue
  /** Row-major, numbers of any dtype as f32. */
  read(tensor: TorchTensor): Promise<Float32Array>
  close(): void
}

/** @throws LoupeError for what `openZip` and `readPickle` refuse, and tensors that reach beyond their storage */
export async function openTorch(path: string): Promise<TorchFile> {
  const zip = await openZip(path)
  const { source } = zip
  try {
    const root = await archiveRoot(zip)
    const size = zip.members.get(`${root}data.pkl`)!
    if (size > MAX_PICKLE_BYTES) {
      throw new LoupeError('too-large', `${source}: its pickle has ${size} bytes, the limit is ${MAX_PICKLE_BYTES}`)
    }
    const contents = readPickle(await zip.read(`${root}data.pkl`), {
      source,
      allowed: allowedNames(source),
      persistent: (id) => storageOf(id, source),
    })
    return { contents, read: (tensor) => readTensor(zip, root, tensor), close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

/** The folder of all members in the archive. */
async function archiveRoot(zip: ZipArchive): Promise<string> {
  const pickles = [...zip.members.keys()].filter((name) => /^[^/]*\/?data\.pkl$/.test(name))
  if (pickles.length !== 1) {
    throw damagedZip(zip.source, `${pickles.length} members named data.pkl, expected one: torch.save did not write it`)
  }
  const root = pickles[0]!.slice(0, -'data.pkl'.length)
  const order = zip.members.has(`${root}byteorder`)
    ? new TextDecoder().decode(await zip.read(`${root}byteorder`)).trim()
    : 'little'
  if (order === 'little') return root
  throw new LoupeError('unsupported', `${zip.source}: its numbers are ${order}-endian`, {
    remedy: 'load it in Python on a little-endian machine and save it again',
  })
}

function allowedNames(source: string): ReadonlyMap<string, AllowedName> {
  const dtypes = ['float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool']
  return new Map<string, AllowedName>([
    ['collections.OrderedDict', { call: ([items]) => orderedDict(items, source) }],
    ['torch._utils._rebuild_tensor_v2', { call: (args) => rebuildTensor(args, source) }],
    ['torch._utils._rebuild_parameter', { call: ([tensor]) => tensor }],
    ['torch.Size', { call: ([sizes]) => sizes }],
    ['torch.device', { call: ([type]) => (typeof type === 'string' ? type : null) }],
    ...dtypes.map((name) => [`torch.${name}`, {}] as const),
    ...Object.keys(STORAGES).map(
      (type) => [`torch.${type}`, { value: new StorageType(type as keyof typeof STORAGES) }] as const,
    ),
  ])
}

/** `OrderedDict()`, or `OrderedDict([[key, value], …])`. */
function orderedDict(items: PickleValue, source: string): Map<PickleValue, PickleValue> {
  const pairs: readonly PickleValue[] = items === undefined ? [] : Array.isArray(items) ? items : [items]
  if (pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) return new Map(pairs as [unknown, unknown][])
  throw damagedZip(source, 'its pickle makes a dictionary from values that are not pairs')
}

/** `('storage', type, key, location, elements)`. */
function storageOf(id: PickleValue, source: string): Storage {
  const [tag, type, key, , length] = Array.isArray(id) ? (id as PickleValue[]) : []
  if (tag !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string' || !isCount(length)) {
    throw damagedZip(source, 'its pickle refers to a storage of an unknown type')
  }
  return new Storage(type.type, key, length)
}

/** `(storage, offset, shape, strides, requires_grad, hooks)`. */
function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[], source: string): TorchTensor {
  const whole = storage instanceof Storage && isCount(offset) && isCounts(shape) && isCounts(strides)
  if (!whole || shape.length !== strides.length)
    throw damagedZip(source, 'its pickle describes a tensor with wrong arguments')
  const elements = product(shape)
  const last = elements === 0 ? -1 : shape.reduce((at, size, axis) => at + (size - 1) * strides[axis]!, offset)
  const view = `[${shape.join(', ')}] with strides [${strides.join(', ')}] from ${offset}`
  if (last >= storage.length || elements > Math.max(storage.length, MAX_REPEATED)) {
    throw damagedZip(source, `a tensor ${view} does not fit its storage of ${storage.length} elements`)
  }
  return new TorchTensor(storage, offset, shape, strides)
}

async function readTensor(zip: ZipArchive, root: string, tensor: TorchTensor): Promise<Float32Array> {
  const { storage, offset, shape, strides } = tensor
  const member = `${root}data/${storage.key}`
  const { dtype, bytes } = STORAGES[storage.type]
  const size = zip.members.get(member)
  if (size !== storage.length * bytes) {
    const complaint = size === undefined ? 'is missing' : `has ${size} bytes`
    throw damagedZip(zip.source, `${member} ${complaint}, expected ${storage.length * bytes} (${storage.type})`)
  }
  const info = { dtype, shape: [storage.length], begin: 0, end: size }
  const raw = await zip.read(member)
  const isFloat = dtype.includes('F')
  const values = isFloat
    ? toFloats(raw, member, info, zip.source)
    : Float32Array.from(toIntegers(raw, member, info, zip.source))
  return strided(values, offset, shape, strides)
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((count, size) => count * size, 1)
}

function isCount(value: PickleValue): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isCounts(value: PickleValue): value is number[] {
  return Array.isArray(value) && value.length <= 8 && value.every(isCount)
}
