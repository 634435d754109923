/** Reads files of `numpy.savez`: a zip archive with one `.npy` file for each array. */
import { LoupeError } from '../../errors'
import { toFloats, toIntegers } from '../../tensors/safetensorsConvert'
import type { TensorInfo } from '../../tensors/safetensorsHeader'
import { transpose } from '../../tensors/order'
import { damagedZip, openZip, type ZipArchive } from './zip'
import { sizeOf } from '../../tensors/arrays'

const DTYPES: Readonly<Record<string, { dtype: TensorInfo['dtype']; bytes: number }>> = {
  '<f4': { dtype: 'F32', bytes: 4 },
  '<f8': { dtype: 'F64', bytes: 8 },
  '<f2': { dtype: 'F16', bytes: 2 },
  '<i8': { dtype: 'I64', bytes: 8 },
  '<i4': { dtype: 'I32', bytes: 4 },
  '<i2': { dtype: 'I16', bytes: 2 },
  '|i1': { dtype: 'I8', bytes: 1 },
  '|u1': { dtype: 'U8', bytes: 1 },
  '|b1': { dtype: 'BOOL', bytes: 1 },
}

export interface NpzFile {
  /** By the array's name, without `.npy`. */
  readonly arrays: ReadonlyMap<string, { shape: readonly number[] }>
  /** Row-major, numbers of any dtype as f32. */
  read: (name: string) => Promise<Float32Array>
  close: () => void
}

/** @throws LoupeError for what `openZip` refuses, and arrays that are not plain little-endian numbers */
export async function openNpz(path: string): Promise<NpzFile> {
  const zip = await openZip(path)
  try {
    const arrays = new Map<string, Npy>()
    for (const member of zip.members.keys()) {
      if (!member.endsWith('.npy')) throw damagedZip(zip.source, `${member} is not a .npy file`)
      arrays.set(member.slice(0, -'.npy'.length), await openNpy(zip, member))
    }
    return { arrays, read: (name) => readNpy(zip, `${name}.npy`, arrays.get(name)!), close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

/** No header is longer. */
const MAX_HEADER_BYTES = 2 ** 16

interface Npy {
  dtype: TensorInfo['dtype']
  shape: number[]
  fortran: boolean
  /** Where the numbers start. */
  start: number
}

/** Reads the header and compares the size of the member with it. */
async function openNpy(zip: ZipArchive, member: string): Promise<Npy> {
  const bytes = await zip.readStart(member, MAX_HEADER_BYTES)
  const size = zip.members.get(member)!
  const refused = (complaint: string) => damagedZip(zip.source, `${member} ${complaint}`)
  if (bytes.length < 10 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== '\x93NUMPY') {
    throw refused('is no .npy file')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const long = bytes[6]! >= 2
  if (long && bytes.length < 12) throw refused('is cut short')
  const start = long ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true)
  const header = Buffer.from(bytes.subarray(long ? 12 : 10, start)).toString('latin1')
  const [, descr = ''] = /'descr': *'([^']*)'/.exec(header) ?? []
  const [, order] = /'fortran_order': *(True|False)/.exec(header) ?? []
  const [, sizes] = /'shape': *\(([\d, ]*)\)/.exec(header) ?? []
  if (order === undefined || sizes === undefined) throw refused('has a header without fortran_order or shape')
  const type = Object.hasOwn(DTYPES, descr) ? DTYPES[descr] : undefined
  if (!type) {
    throw new LoupeError('unsupported', `${zip.source}: ${member} has the dtype ${descr || 'of objects or records'}`, {
      remedy: `known dtypes: ${Object.keys(DTYPES).join(', ')}`,
    })
  }
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number)
  const expected = type.bytes * sizeOf(shape)
  if (size - start !== expected) {
    throw refused(`has ${size - start} bytes for ${descr} [${shape.join(', ')}], expected ${expected}`)
  }
  return { dtype: type.dtype, shape, fortran: order === 'True' && shape.length > 1, start }
}

async function readNpy(zip: ZipArchive, member: string, npy: Npy): Promise<Float32Array> {
  const { dtype, shape, fortran, start } = npy
  // A copy, which is aligned for every size of number.
  const raw = (await zip.read(member)).slice(start)
  const info = { dtype, shape, begin: 0, end: raw.length }
  const values = dtype.includes('F')
    ? toFloats(raw, member, info, zip.source)
    : Float32Array.from(toIntegers(raw, member, info, zip.source))
  if (!fortran) return values
  if (shape.length > 2) throw damagedZip(zip.source, `${member} is in Fortran's order with ${shape.length} dimensions`)
  return transpose(values, shape[1]!, shape[0]!)
}
