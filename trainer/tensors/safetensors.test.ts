import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoupeError } from '../errors'
import { encodeSafetensors, openSafetensors, parseSafetensors } from './safetensors'

/** A container with this header text (or object) and this data, valid or not. */
function container(header: unknown, data: Uint8Array = new Uint8Array(0)): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, data])
}

function one(dtype: string, shape: unknown, bytes: Uint8Array | ArrayBuffer): Buffer {
  const data = new Uint8Array(bytes)
  return container({ t: { dtype, shape, data_offsets: [0, data.length] } }, data)
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loupe-safetensors-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('round trip', () => {
  const tensors = {
    weight: { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, NaN, Infinity, -0) },
    ids: { shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) },
    scalar: { shape: [], data: Float32Array.of(7) },
    empty: { shape: [0, 4], data: new Float32Array(0) },
  }
  const metadata = { b: 'two', a: 'one' }

  it('returns tensors and metadata from memory', () => {
    const blob = parseSafetensors(encodeSafetensors(tensors, metadata))
    expect([...blob.tensors.keys()].sort()).toEqual(['empty', 'ids', 'scalar', 'weight'])
    expect(blob.tensors.get('weight')).toMatchObject({ dtype: 'F32', shape: [2, 3] })
    expect(blob.metadata).toEqual(metadata)
    expect(blob.read('weight')).toEqual(tensors.weight.data)
    expect(blob.readIntegers('ids')).toEqual(tensors.ids.data)
    expect(blob.read('scalar')).toEqual(tensors.scalar.data)
    expect(blob.read('empty').length).toBe(0)
  })

  it('returns the same from a file', async () => {
    const path = join(folder, 'round-trip.safetensors')
    await writeFile(path, encodeSafetensors(tensors, metadata))
    const file = await openSafetensors(path)
    expect(file.metadata).toEqual(metadata)
    expect(await file.read('weight')).toEqual(tensors.weight.data)
    expect(await file.readIntegers('ids')).toEqual(tensors.ids.data)
    await file.close()
  })

  it('writes the same bytes for every order of the arguments, with an aligned header', () => {
    const bytes = encodeSafetensors(tensors, metadata)
    const reversed = Object.fromEntries(Object.entries(tensors).reverse())
    expect(encodeSafetensors(reversed, { a: 'one', b: 'two' }).equals(bytes)).toBe(true)
    expect(Number(bytes.readBigUInt64LE(0)) % 8).toBe(0)
  })

  it('reads from a view that begins at an odd byte', () => {
    const bytes = encodeSafetensors(tensors)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    expect(parseSafetensors(shifted.subarray(1)).read('weight')).toEqual(tensors.weight.data)
  })
})

describe('dtypes', () => {
  it('widens F16, including subnormals, infinity and NaN', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000)
    const expected = [1, -2, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 65504, Infinity, -Infinity, NaN, -0]
    expect(Array.from(parseSafetensors(one('F16', [10], bits.buffer)).read('t'))).toEqual(expected)
  })

  it('widens BF16 and rounds F64', () => {
    const bits = Uint16Array.of(0x3f80, 0xc040, 0x7f80)
    expect(Array.from(parseSafetensors(one('BF16', [3], bits.buffer)).read('t'))).toEqual([1, -3, Infinity])
    const doubles = Float64Array.of(0.1, -1e300)
    const read = parseSafetensors(one('F64', [2], doubles.buffer)).read('t')
    expect(Array.from(read)).toEqual([Math.fround(0.1), -Infinity])
  })

  it.each([
    ['I64', BigInt64Array.of(-3n, 5n).buffer, [-3, 5]],
    ['U64', BigUint64Array.of(3n, 5n).buffer, [3, 5]],
    ['U32', Uint32Array.of(3, 5).buffer, [3, 5]],
    ['I16', Int16Array.of(-3, 5).buffer, [-3, 5]],
    ['U16', Uint16Array.of(3, 65535).buffer, [3, 65535]],
    ['I8', Int8Array.of(-3, 5).buffer, [-3, 5]],
    ['BOOL', Uint8Array.of(0, 1).buffer, [0, 1]],
  ])('reads %s as integers', (dtype, buffer, expected) => {
    expect(Array.from(parseSafetensors(one(dtype, [2], buffer)).readIntegers('t'))).toEqual(expected)
  })

  it('refuses to read integers as floats, floats as integers, and integers beyond 32 bits', () => {
    const integers = parseSafetensors(one('I64', [1], BigInt64Array.of(2n ** 31n).buffer), 'x.safetensors')
    expect(() => integers.read('t')).toThrow(/x\.safetensors: tensor "t" has the dtype I64, expected one of F32/)
    expect(() => integers.readIntegers('t')).toThrow(/2147483648/)
    const floats = parseSafetensors(one('F32', [1], Float32Array.of(1).buffer))
    expect(() => floats.readIntegers('t')).toThrow(/dtype F32/)
    expect(() => parseSafetensors(one('F8_E4M3', [1], Uint8Array.of(1))).read('t')).toThrow(/F8_E4M3/)
  })

  it('names the nearest tensor for an unknown name', () => {
    const blob = parseSafetensors(encodeSafetensors({ W_enc: { shape: [1], data: Float32Array.of(1) } }), 'sae')
    expect(() => blob.read('W_emc')).toThrow(
      expect.objectContaining({ code: 'not-found', remedy: expect.stringMatching('did you mean "W_enc"') as string }),
    )
  })
})

describe('hostile input', () => {
  const entry = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  })
  const gigabyteHeader = Buffer.alloc(64)
  gigabyteHeader.writeBigUInt64LE(2n ** 30n)
  const hugeHeader = Buffer.alloc(64, 0xff)
  const longHeader = Buffer.alloc(64)
  longHeader.writeBigUInt64LE(57n)

  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /0 bytes, expected at least 8/],
    ['a few bytes', Buffer.alloc(5), /5 bytes, expected at least 8/],
    ['a header of 1 GB', gigabyteHeader, /claims 1073741824 bytes, the limit is 100000000/],
    ['a header of 2^64 bytes', hugeHeader, /claims 18446744073709551615 bytes/],
    ['a header beyond the end', longHeader, /claims 57 bytes, but the file ends after 64/],
    ['text that is not JSON', container('{"a":'), /header is not JSON/],
    ['bytes that are not UTF-8', container({}).fill(0xff, 8), /not UTF-8/],
    ['a JSON list', container([1]), /not a JSON object/],
    ['metadata that is not an object of strings', container({ __metadata__: { a: 1 } }), /__metadata__/],
    ['a tensor that is not an object', container({ t: 3 }), /tensor "t" has the shape undefined/],
    ['a negative shape', one('F32', [-1], new Uint8Array(4)), /the shape \[-1\]/],
    ['a fractional shape', one('F32', [0.5], new Uint8Array(4)), /the shape \[0\.5\]/],
    ['a nested shape', one('F32', [[[4]]], new Uint8Array(4)), /the shape \[\{…\}\]/],
    ['an unknown dtype', one('Q4', [1], new Uint8Array(4)), /the dtype "Q4"/],
    ['an inherited name as dtype', one('toString', [1], new Uint8Array(4)), /the dtype "toString"/],
    ['a wrong byte count', one('F32', [2], new Uint8Array(4)), /takes 4 bytes, expected 8/],
    ['a shape that overflows', one('F32', [2 ** 40, 2 ** 40], new Uint8Array(4)), /takes 4 bytes/],
    ['three offsets', container({ t: { dtype: 'F32', shape: [1], data_offsets: [0, 4, 8] } }), /offsets \[0, 4, 8\]/],
    ['offsets backwards', container({ t: entry(4, 0, [1]) }, new Uint8Array(4)), /takes -4 bytes/],
    ['missing data', container({ t: entry(0, 8) }, new Uint8Array(4)), /truncated: tensor "t" ends at byte 8.*has 4/],
    ['an overlap', container({ a: entry(0, 8), b: entry(4, 12) }, new Uint8Array(12)), /"b" overlaps/],
    ['a gap', container({ a: entry(0, 4), b: entry(8, 12) }, new Uint8Array(12)), /4 bytes before tensor "b"/],
    ['bytes left over', container({ a: entry(0, 4) }, new Uint8Array(5)), /1 bytes after the last tensor/],
    [
      'a name used twice',
      container(`{"a":${JSON.stringify(entry(0, 4))},"\\u0061":${JSON.stringify(entry(0, 4))}}`, new Uint8Array(4)),
      /names "a" twice/,
    ],
  ])('refuses %s', async (_name, bytes, message) => {
    expect(() => parseSafetensors(bytes, 'bad.safetensors')).toThrow(message)
    const path = join(folder, 'bad.safetensors')
    await writeFile(path, bytes)
    const error = await openSafetensors(path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(LoupeError)
    expect((error as LoupeError).message).toMatch(message)
    expect((error as LoupeError).message).toContain('bad.safetensors')
  })

  it('accepts equal keys inside different tensors', () => {
    const bytes = container(
      { a: entry(0, 4), b: entry(4, 8), __metadata__: { a: 'x', dtype: '{"a":' } },
      new Uint8Array(8),
    )
    expect([...parseSafetensors(bytes).tensors.keys()]).toEqual(['a', 'b'])
  })

  it('names a missing file, a folder, and a file cut while it is open', async () => {
    await expect(openSafetensors(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(openSafetensors(folder)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching('is not a file') as string,
    })
    const path = join(folder, 'cut.safetensors')
    const bytes = encodeSafetensors({ t: { shape: [4], data: new Float32Array(4) } })
    await writeFile(path, bytes)
    const file = await openSafetensors(path)
    await truncate(path, bytes.length - 4)
    await expect(file.read('t')).rejects.toThrow(/cut\.safetensors: truncated/)
    await file.close()
  })

  it('refuses to write a shape that does not fit its data', () => {
    expect(() => encodeSafetensors({ t: { shape: [3], data: new Float32Array(4) } })).toThrow(/4 values.*\[3\]/)
  })
})
