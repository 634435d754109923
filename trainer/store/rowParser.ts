/** Extracts the rows from a Postgres byte stream. Wire format: PostgreSQL documentation, "Message Formats". */

const DATA_ROW = 0x44 // 'D'
const READY_FOR_QUERY = 0x5a // 'Z'
const HEADER_BYTES = 5
const DATA_ROW_HEADER_BYTES = HEADER_BYTES + 2

export type BinaryRow = (Buffer | null)[]

export interface RowSink {
  /** Memory for a field, `bytes` long; called in the order of the stream. */
  allocate(row: number, column: number, bytes: number): Buffer
  row(fields: BinaryRow): void
  /** Every other message, whole and unchanged, for the driver's own parser. */
  other(message: Buffer): void
  /** Called before the last message of the query is passed on: after it the stream belongs to the driver again. */
  end(): void
}

/**
 * A state machine over chunks that may break anywhere. Fields are copied once, from the chunk to their destination;
 * chunks are not kept.
 */
export class RowParser {
  private rest: Buffer | undefined
  private fieldsLeft = -1
  private field: Buffer | undefined
  private filled = 0
  private rowNumber = 0
  private fields: BinaryRow = []

  constructor(private readonly sink: RowSink) {}

  push(chunk: Buffer): void {
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk
    this.rest = undefined
    let at = 0
    while (at < bytes.length) {
      const next = this.step(bytes, at)
      if (next < 0) {
        this.rest = bytes.subarray(at)
        return
      }
      at = next
    }
  }

  /** Consumes one piece from `at` and returns where the next one starts; -1 if the piece is not complete yet. */
  private step(bytes: Buffer, at: number): number {
    if (this.field) return this.fillField(this.field, bytes, at)
    if (this.fieldsLeft >= 0) return this.beginField(bytes, at)
    if (bytes.length - at < HEADER_BYTES) return -1
    if (bytes[at] !== DATA_ROW) return this.passOn(bytes, at)
    if (bytes.length - at < DATA_ROW_HEADER_BYTES) return -1
    this.fieldsLeft = bytes.readInt16BE(at + HEADER_BYTES)
    this.finishRowIfComplete()
    return at + DATA_ROW_HEADER_BYTES
  }

  private passOn(bytes: Buffer, at: number): number {
    const end = at + 1 + bytes.readUInt32BE(at + 1)
    if (end > bytes.length) return -1
    if (bytes[at] === READY_FOR_QUERY) this.sink.end()
    this.sink.other(bytes.subarray(at, end))
    return end
  }

  private beginField(bytes: Buffer, at: number): number {
    if (bytes.length - at < 4) return -1
    const length = bytes.readInt32BE(at)
    if (length > 0) {
      this.field = this.sink.allocate(this.rowNumber, this.fields.length, length)
      this.filled = 0
    } else {
      this.finishField(length < 0 ? null : Buffer.alloc(0))
    }
    return at + 4
  }

  private fillField(field: Buffer, bytes: Buffer, at: number): number {
    const copied = bytes.copy(field, this.filled, at, at + field.length - this.filled)
    this.filled += copied
    if (this.filled === field.length) {
      this.field = undefined
      this.finishField(field)
    }
    return at + copied
  }

  private finishField(field: Buffer | null): void {
    this.fields.push(field)
    this.fieldsLeft--
    this.finishRowIfComplete()
  }

  private finishRowIfComplete(): void {
    if (this.fieldsLeft > 0) return
    this.sink.row(this.fields)
    this.fields = []
    this.fieldsLeft = -1
    this.rowNumber++
  }
}
