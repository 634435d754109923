/**
 * A reader of Python pickles that runs no code. A pickle is a program for a small stack machine, and it can call any
 * function of any module. This machine supports plain values and the few names that its caller allows; it stops at the
 * first other name.
 */
import { LoupeError } from '../../errors'

/** Every possible result: dictionaries as maps, lists and tuples as arrays, and the values of the allowed names. */
export type PickleValue = unknown

/** A name that pickles can use: a function, or a value. */
export interface AllowedName {
  call?: (args: readonly PickleValue[]) => PickleValue
  value?: PickleValue
}

export interface PickleOptions {
  /** Name of the file, for messages. */
  source: string
  /** By `module.name`. */
  allowed: ReadonlyMap<string, AllowedName>
  /** The value of a persistent id (a storage of torch). */
  persistent?(id: PickleValue): PickleValue
}

/** @throws LoupeError naming what the pickle wants to call, or where it is damaged */
export function readPickle(bytes: Uint8Array, options: PickleOptions): PickleValue {
  const machine = new Machine(bytes, options)
  for (;;) {
    const opcode = machine.byte()
    if (opcode === STOP) return machine.pop()
    const step = STEPS.get(opcode)
    if (step) step(machine)
    else if (CALLS.has(opcode)) throw machine.refusal(`wants to build an object (opcode 0x${opcode.toString(16)})`)
    else throw machine.damaged(`unknown opcode 0x${opcode.toString(16)}`)
  }
}

const STOP = 0x2e

class Callable {
  constructor(readonly call: NonNullable<AllowedName['call']>) {}
}

class Machine {
  readonly options: PickleOptions
  readonly memo = new Map<number, PickleValue>()
  private readonly view: DataView
  private stack: PickleValue[] = []
  /** Stacks that marks have set aside. */
  private readonly below: PickleValue[][] = []
  private at = 0

  constructor(
    private readonly bytes: Uint8Array,
    options: PickleOptions,
  ) {
    this.options = options
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  push(value: PickleValue): void {
    this.stack.push(value)
  }

  pop(): PickleValue {
    if (this.stack.length === 0) throw this.damaged('it takes more values than it has')
    return this.stack.pop()
  }

  top(): PickleValue {
    if (this.stack.length === 0) throw this.damaged('it takes more values than it has')
    return this.stack.at(-1)
  }

  popMany(count: number): PickleValue[] {
    if (this.stack.length < count) throw this.damaged('it takes more values than it has')
    return this.stack.splice(this.stack.length - count)
  }

  mark(): void {
    this.below.push(this.stack)
    this.stack = []
  }

  /** All values since the last mark. */
  popToMark(): PickleValue[] {
    const values = this.stack
    const below = this.below.pop()
    if (!below) throw this.damaged('it closes what it never opened')
    this.stack = below
    return values
  }

  byte(): number {
    return this.view.getUint8(this.take(1))
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true)
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true)
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true)
  }

  uint64(): number {
    return Number(this.view.getBigUint64(this.take(8), true))
  }

  float64(): number {
    return this.view.getFloat64(this.take(8), false)
  }

  raw(length: number): Uint8Array {
    const from = this.take(length)
    return this.bytes.subarray(from, from + length)
  }

  text(length: number): string {
    return new TextDecoder().decode(this.raw(length))
  }

  /** Up to the next line feed. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at)
    if (end < 0) throw this.damaged('it ends in the middle of a name')
    const text = this.text(end - this.at)
    this.at = end + 1
    return text
  }

  /** Little-endian two's complement of any length; beyond 2⁵³ it is rounded. */
  integer(length: number): number {
    const bytes = this.raw(length)
    const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0)
    return length > 0 && bytes[length - 1]! >= 128 ? value - 256 ** length : value
  }

  remember(key: number): void {
    this.memo.set(key, this.top())
  }

  recall(key: number): void {
    if (!this.memo.has(key)) throw this.damaged(`it recalls value ${key}, which it never stored`)
    this.push(this.memo.get(key))
  }

  global(module: PickleValue, name: PickleValue): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw this.damaged('it names what is no name')
    const full = `${module}.${name}`
    const allowed = this.options.allowed.get(full)
    if (!allowed) throw this.refusal(`wants to use ${full.slice(0, 100)}`)
    this.push(allowed.call ? new Callable(allowed.call) : allowed.value)
  }

  call(): void {
    const args = this.pop()
    const callee = this.pop()
    if (!(callee instanceof Callable)) throw this.refusal('wants to call what is no function')
    if (!Array.isArray(args)) throw this.damaged('it calls a function without a list of arguments')
    this.push(callee.call(args))
  }

  mapAtTop(): Map<PickleValue, PickleValue> {
    const top = this.top()
    if (top instanceof Map) return top as Map<PickleValue, PickleValue>
    throw this.damaged('it sets items of a value that is not a dictionary')
  }

  listAtTop(): PickleValue[] {
    const top = this.top()
    if (Array.isArray(top)) return top
    throw this.damaged('it appends to a value that is not a list')
  }

  damaged(complaint: string): LoupeError {
    return new LoupeError(
      'bad-input',
      `${this.options.source}: damaged at byte ${this.at} of its pickle: ${complaint}`,
      {
        remedy: 'fetch or write the file again',
      },
    )
  }

  refusal(complaint: string): LoupeError {
    return new LoupeError('bad-input', `${this.options.source}: its pickle ${complaint}, which is refused`, {
      remedy:
        'a file of weights holds tensors, numbers, texts, lists and dictionaries. If you trust where it comes from, load it in Python and save its state dict alone',
    })
  }

  private take(length: number): number {
    const from = this.at
    if (from + length > this.bytes.length) throw this.damaged(`${length} more bytes expected, it ends`)
    this.at += length
    return from
  }
}

function setItems(machine: Machine, items: readonly PickleValue[]): void {
  const map = machine.mapAtTop()
  for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i], items[i + 1])
}

function toMap(items: readonly PickleValue[]): Map<PickleValue, PickleValue> {
  const map = new Map<PickleValue, PickleValue>()
  for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i], items[i + 1])
  return map
}

/** State of an object: what torch hangs on a state dict (`_metadata`) says nothing about the weights. */
function build(machine: Machine): void {
  machine.pop()
  machine.mapAtTop()
}

/** INST, OBJ, NEWOBJ, NEWOBJ_EX and the extension registry. */
const CALLS = new Set([0x69, 0x6f, 0x81, 0x92, 0x82, 0x83, 0x84])

/** Opcodes of protocols 2 to 5, by the names of Python's pickletools; those of 0 and 1 that torch still writes. */
const STEPS: ReadonlyMap<number, (machine: Machine) => void> = new Map([
  [0x80, (m: Machine) => void m.byte()], // PROTO
  [0x95, (m) => void m.uint64()], // FRAME
  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => void m.pop()], // POP
  [0x31, (m) => void m.popToMark()], // POP_MARK
  [0x32, (m) => m.push(m.top())], // DUP
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x4a, (m) => m.push(m.int32())], // BININT
  [0x4b, (m) => m.push(m.byte())], // BININT1
  [0x4d, (m) => m.push(m.uint16())], // BININT2
  [0x8a, (m) => m.push(m.integer(m.byte()))], // LONG1
  [0x8b, (m) => m.push(m.integer(m.uint32()))], // LONG4
  [0x47, (m) => m.push(m.float64())], // BINFLOAT
  [0x58, (m) => m.push(m.text(m.uint32()))], // BINUNICODE
  [0x8c, (m) => m.push(m.text(m.byte()))], // SHORT_BINUNICODE
  [0x8d, (m) => m.push(m.text(m.uint64()))], // BINUNICODE8
  [0x54, (m) => m.push(m.text(m.uint32()))], // BINSTRING
  [0x55, (m) => m.push(m.text(m.byte()))], // SHORT_BINSTRING
  [0x42, (m) => m.push(m.raw(m.uint32()))], // BINBYTES
  [0x43, (m) => m.push(m.raw(m.byte()))], // SHORT_BINBYTES
  [0x8e, (m) => m.push(m.raw(m.uint64()))], // BINBYTES8
  [0x5d, (m) => m.push([])], // EMPTY_LIST
  [0x6c, (m) => m.push(m.popToMark())], // LIST
  [0x61, append], // APPEND
  [0x65, appends], // APPENDS
  [0x29, (m) => m.push([])], // EMPTY_TUPLE
  [0x74, (m) => m.push(m.popToMark())], // TUPLE
  [0x85, (m) => m.push(m.popMany(1))], // TUPLE1
  [0x86, (m) => m.push(m.popMany(2))], // TUPLE2
  [0x87, (m) => m.push(m.popMany(3))], // TUPLE3
  [0x7d, (m) => m.push(new Map())], // EMPTY_DICT
  [0x64, (m) => m.push(toMap(m.popToMark()))], // DICT
  [0x73, (m) => setItems(m, m.popMany(2))], // SETITEM
  [0x75, (m) => setItems(m, m.popToMark())], // SETITEMS
  [0x8f, (m) => m.push([])], // EMPTY_SET
  [0x90, appends], // ADDITEMS
  [0x91, (m) => m.push(m.popToMark())], // FROZENSET
  [0x71, (m) => m.remember(m.byte())], // BINPUT
  [0x72, (m) => m.remember(m.uint32())], // LONG_BINPUT
  [0x94, (m) => m.remember(m.memo.size)], // MEMOIZE
  [0x68, (m) => m.recall(m.byte())], // BINGET
  [0x6a, (m) => m.recall(m.uint32())], // LONG_BINGET
  [0x63, (m) => m.global(m.line(), m.line())], // GLOBAL
  [0x93, stackGlobal], // STACK_GLOBAL
  [0x52, (m) => m.call()], // REDUCE
  [0x62, build], // BUILD
  [0x51, persistentId], // BINPERSID
])

function append(machine: Machine): void {
  const value = machine.pop()
  machine.listAtTop().push(value)
}

function appends(machine: Machine): void {
  const values = machine.popToMark()
  const list = machine.listAtTop()
  for (const value of values) list.push(value)
}

function stackGlobal(machine: Machine): void {
  const [module, name] = machine.popMany(2)
  machine.global(module, name)
}

function persistentId(machine: Machine): void {
  const id = machine.pop()
  if (!machine.options.persistent) throw machine.refusal('refers to something outside of it')
  machine.push(machine.options.persistent(id))
}
