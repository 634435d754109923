/** Rows in Postgres's binary COPY format ("Binary Format" in the documentation of COPY). */

/** `null` is NULL in every column. */
export type ColumnValue = number | bigint | boolean | string | Uint8Array | Int32Array | readonly number[] | null

export type ColumnType = keyof typeof ENCODERS

/** Signature, flags, length of the header's extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const INT4_OID = 23

/** Writes fields one after the other into memory that grows. */
export class CopyWriter {
  private bytes = Buffer.allocUnsafe(512 * 1024)
  length = 0

  header(): void {
    HEADER.copy(this.bytes, this.reserve(HEADER.length))
  }

  beginRow(columns: number): void {
    const at = this.reserve(2)
    this.bytes.writeInt16BE(columns, at)
  }

  trailer(): void {
    this.beginRow(-1)
  }

  /** Throws for a value that the type cannot hold. */
  field(type: ColumnType, value: ColumnValue): void {
    if (value === null) this.begin(-1)
    else ENCODERS[type](this, value)
  }

  /** A field of fixed size, written by `write(bytes, offset)`. */
  fixed(size: number, write: (bytes: Buffer, at: number) => void): void {
    const at = this.begin(size)
    write(this.bytes, at)
  }

  /** A field that is a copy of these bytes. */
  copy(bytes: Uint8Array): void {
    const at = this.begin(bytes.length)
    this.bytes.set(bytes, at)
  }

  /** Returns what was written so far, in new memory, and starts over. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.length))
    this.length = 0
    return taken
  }

  /** Writes the length prefix of a field (−1 is NULL); returns where its content goes. */
  private begin(size: number): number {
    const at = this.reserve(4 + Math.max(0, size))
    this.bytes.writeInt32BE(size, at)
    return at + 4
  }

  private reserve(size: number): number {
    const at = this.length
    this.length += size
    if (this.length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length, this.bytes.length * 2))
      this.bytes.copy(larger, 0, 0, at)
      this.bytes = larger
    }
    return at
  }
}

const ENCODERS = {
  int2: (writer: CopyWriter, value: ColumnValue) =>
    writer.fixed(2, (bytes, at) => bytes.writeInt16BE(integer(value), at)),
  int4: (writer: CopyWriter, value: ColumnValue) =>
    writer.fixed(4, (bytes, at) => bytes.writeInt32BE(integer(value), at)),
  int8: (writer: CopyWriter, value: ColumnValue) =>
    writer.fixed(8, (bytes, at) =>
      bytes.writeBigInt64BE(typeof value === 'bigint' ? value : BigInt(integer(value)), at),
    ),
  float4: (writer: CopyWriter, value: ColumnValue) =>
    writer.fixed(4, (bytes, at) => bytes.writeFloatBE(number(value), at)),
  float8: (writer: CopyWriter, value: ColumnValue) =>
    writer.fixed(8, (bytes, at) => bytes.writeDoubleBE(number(value), at)),
  bool: (writer: CopyWriter, value: ColumnValue) =>
    writer.fixed(1, (bytes, at) => bytes.writeUInt8(boolean(value) ? 1 : 0, at)),
  text: (writer: CopyWriter, value: ColumnValue) => writer.copy(Buffer.from(text(value), 'utf8')),
  uuid: (writer: CopyWriter, value: ColumnValue) => writer.copy(uuid(text(value))),
  bytea: (writer: CopyWriter, value: ColumnValue) => writer.copy(bytea(value)),
  'int4[]': (writer: CopyWriter, value: ColumnValue) => int4Array(writer, integers(value)),
} satisfies Record<string, (writer: CopyWriter, value: ColumnValue) => void>

/** One dimension with lower bound 1 and no NULLs; an empty array has no dimension. */
function int4Array(writer: CopyWriter, items: readonly number[] | Int32Array): void {
  const empty = items.length === 0
  writer.fixed(empty ? 12 : 20 + items.length * 8, (bytes, at) => {
    bytes.writeInt32BE(empty ? 0 : 1, at)
    bytes.writeInt32BE(0, at + 4)
    bytes.writeInt32BE(INT4_OID, at + 8)
    if (empty) return
    bytes.writeInt32BE(items.length, at + 12)
    bytes.writeInt32BE(1, at + 16)
    for (let i = 0; i < items.length; i++) {
      bytes.writeInt32BE(4, at + 20 + i * 8)
      bytes.writeInt32BE(integer(items[i]!), at + 24 + i * 8)
    }
  })
}

function integer(value: ColumnValue): number {
  if (Number.isSafeInteger(value)) return value as number
  throw new TypeError(`${String(value)} is not an integer`)
}

function number(value: ColumnValue): number {
  if (typeof value === 'number') return value
  throw new TypeError(`${String(value)} is not a number`)
}

function boolean(value: ColumnValue): boolean {
  if (typeof value === 'boolean') return value
  throw new TypeError(`${String(value)} is not a boolean`)
}

function text(value: ColumnValue): string {
  // Postgres has no NUL in text.
  if (typeof value === 'string' && !value.includes('\0')) return value
  throw new TypeError('not a text without NUL characters')
}

function uuid(value: string): Buffer {
  const bytes = Buffer.from(value.replaceAll('-', ''), 'hex')
  if (bytes.length === 16) return bytes
  throw new TypeError(`${value} is not a uuid`)
}

function bytea(value: ColumnValue): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new TypeError('not a byte array')
}

function integers(value: ColumnValue): readonly number[] | Int32Array {
  if (Array.isArray(value) || value instanceof Int32Array) return value as readonly number[] | Int32Array
  throw new TypeError('not an array of integers')
}
