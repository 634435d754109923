/** Writing and reading packed bytes with a checksum. */
import { crc32 } from 'node:zlib'
import { LoupeError } from '../errors'

/** Grows by doubling; little-endian; unsigned integers as LEB128 varints up to 2^53. */
export class ByteWriter {
  private buffer: Buffer
  private length = 0

  constructor(capacity = 4096) {
    this.buffer = Buffer.allocUnsafe(capacity)
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes))
    this.buffer.copy(grown, 0, 0, this.length)
    this.buffer = grown
  }

  u8(value: number): void {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  u16(value: number): void {
    this.reserve(2)
    this.length = this.buffer.writeUInt16LE(value, this.length)
  }

  f32(value: number): void {
    this.reserve(4)
    this.length = this.buffer.writeFloatLE(value, this.length)
  }

  varint(value: number): void {
    this.reserve(8)
    let rest = value
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.buffer[this.length++] = rest
  }

  /** A copy of what was written, followed by its CRC-32; the writer is empty again afterwards. */
  finish(): Buffer {
    const out = Buffer.allocUnsafe(this.length + 4)
    this.buffer.copy(out, 0, 0, this.length)
    out.writeUInt32LE(crc32(out.subarray(0, this.length)), this.length)
    this.length = 0
    return out
  }
}

/** Reads what `ByteWriter` wrote. Damage is a `LoupeError` that names `what`. */
export class ByteReader {
  private readonly buffer: Buffer
  private readonly end: number
  private position = 0

  constructor(
    bytes: Uint8Array,
    private readonly what: string,
  ) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = bytes.byteLength - 4
    if (this.end < 1) throw this.damaged(`${bytes.byteLength} bytes are too few`)
    if (crc32(this.buffer.subarray(0, this.end)) !== this.buffer.readUInt32LE(this.end)) {
      throw this.damaged('the checksum does not match')
    }
  }

  damaged(detail: string): LoupeError {
    return new LoupeError('bad-input', `the stored ${this.what} cannot be read: ${detail}`, {
      remedy: 'compute the statistics of this dictionary again: loupe dashboards --dictionary NAME',
    })
  }

  private take(bytes: number): number {
    const at = this.position
    if (at + bytes > this.end) throw this.damaged(`it ends at byte ${this.end}, ${bytes} more expected`)
    this.position += bytes
    return at
  }

  u8(): number {
    return this.buffer[this.take(1)]!
  }

  u16(): number {
    return this.buffer.readUInt16LE(this.take(2))
  }

  f32(): number {
    const value = this.buffer.readFloatLE(this.take(4))
    if (!Number.isFinite(value)) throw this.damaged(`a number is ${value}`)
    return value
  }

  varint(limit = Number.MAX_SAFE_INTEGER): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (value > limit) throw this.damaged(`${value} is over the limit of ${limit}`)
      if (byte < 0x80) return value
    }
  }

  /** Reads a count, then as many items. */
  list<T>(limit: number, read: (index: number) => T): T[] {
    return Array.from({ length: this.varint(limit) }, (_, index) => read(index))
  }

  /** Call at the end: checks that no bytes are left. */
  finish(): void {
    if (this.position !== this.end) throw this.damaged(`${this.end - this.position} bytes are left over`)
  }
}
