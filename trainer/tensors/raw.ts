/**
 * Runs TensorFlow's kernels by name, for hot paths that tfjs ops do not reach: sparse matrices, resource variables,
 * in-place optimisers. A handle is a number on the native side, and no garbage collector frees it. `tidy` frees the
 * handles of a block, `free` frees early, `live` counts handles for leak tests.
 */
import * as tf from '@tensorflow/tfjs-core'
import { currentBackend } from './backend'

/** A tensor (or variant, or resource) that lives in TensorFlow. Valid until freed. */
export interface Handle {
  readonly id: number
  readonly shape: readonly number[]
}

/** TensorFlow's numbers for data types. */
export const DataType = { float32: 1, int32: 3, int64: 9, bool: 10 } as const
export type DataType = (typeof DataType)[keyof typeof DataType]

type AttributeKind = 'int' | 'float' | 'bool' | 'type' | 'shape' | 'string'
export interface Attribute {
  name: string
  kind: AttributeKind
  value: boolean | number | string | readonly number[]
}

/** Type attributes follow from the inputs, except for lists of inputs (`Pack`, `ConcatV2`) and new types (`Cast`). */
export const attribute = {
  int: (name: string, value: number): Attribute => ({ name, kind: 'int', value }),
  float: (name: string, value: number): Attribute => ({ name, kind: 'float', value }),
  bool: (name: string, value: boolean): Attribute => ({ name, kind: 'bool', value }),
  type: (name: string, value: DataType): Attribute => ({ name, kind: 'type', value }),
  shape: (name: string, value: readonly number[]): Attribute => ({ name, kind: 'shape', value }),
  string: (name: string, value: string): Attribute => ({ name, kind: 'string', value }),
}

interface Metadata {
  id: number
  shape: number[]
  dtype: number
}

interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array | BigInt64Array
  executeOp(name: string, attributes: object[], inputs: number[], outputs: number): Metadata[]
  TF_ATTR_INT: number
  TF_ATTR_FLOAT: number
  TF_ATTR_BOOL: number
  TF_ATTR_TYPE: number
  TF_ATTR_SHAPE: number
  TF_ATTR_STRING: number
}

export class RawTensorFlow {
  private readonly binding: Binding
  private readonly kinds: Record<AttributeKind, number>
  private readonly scopes: Set<Handle>[] = []
  private handles = 0

  /** Throws if the backend in use is not TensorFlow, which is a defect of the caller. */
  constructor() {
    if (currentBackend().name !== 'tensorflow') throw new Error('raw TensorFlow ops need the tensorflow backend')
    this.binding = (tf.backend() as unknown as { binding: Binding }).binding
    this.kinds = {
      int: this.binding.TF_ATTR_INT,
      float: this.binding.TF_ATTR_FLOAT,
      bool: this.binding.TF_ATTR_BOOL,
      type: this.binding.TF_ATTR_TYPE,
      shape: this.binding.TF_ATTR_SHAPE,
      string: this.binding.TF_ATTR_STRING,
    }
  }

  /** Number of live handles. It is constant over training steps, and 0 after everything is disposed. */
  get live(): number {
    return this.handles
  }

  /** Runs an op with one output. */
  run(op: string, inputs: readonly Handle[], attributes: readonly Attribute[] = []): Handle {
    return this.runMany(op, 1, inputs, attributes)[0]!
  }

  /** Runs an op with `outputs` outputs (0 for assignments). Throws TensorFlow's message for bad inputs. */
  runMany(op: string, outputs: number, inputs: readonly Handle[], attributes: readonly Attribute[] = []): Handle[] {
    const ids = inputs.map((input) => input.id)
    const encoded = attributes.map(({ name, kind, value }) => ({ name, type: this.kinds[kind], value }))
    return this.binding.executeOp(op, encoded, ids, outputs).map((made) => this.adopt(made))
  }

  /** Copies nothing: on the CPU the tensor shares `values`, which must stay unchanged while the handle lives. */
  floats(values: Float32Array, shape: readonly number[]): Handle {
    return this.adopt({ id: this.binding.createTensor(shape, DataType.float32, values), shape })
  }

  integers(values: Int32Array | readonly number[], shape: readonly number[] = [values.length]): Handle {
    const data = values instanceof Int32Array ? values : Int32Array.from(values)
    return this.adopt({ id: this.binding.createTensor(shape, DataType.int32, data), shape })
  }

  /** int64 values. The binding expects them as pairs of int32. Every value in Loupe fits into 53 bits. */
  longs(values: readonly number[], shape: readonly number[] = [values.length]): Handle {
    const data = new BigInt64Array(values.map(BigInt))
    return this.adopt({ id: this.binding.createTensor(shape, DataType.int64, new Int32Array(data.buffer)), shape })
  }

  scalar(value: number): Handle {
    return this.floats(Float32Array.of(value), [])
  }

  integer(value: number): Handle {
    return this.integers(Int32Array.of(value), [])
  }

  cast(values: Handle, type: DataType): Handle {
    return this.run('Cast', [values], [attribute.type('DstT', type)])
  }

  /** Copies a float32 tensor to the host. Waits for the device. */
  read(handle: Handle): Float32Array {
    return this.binding.tensorDataSync(handle.id) as Float32Array
  }

  readIntegers(handle: Handle): Int32Array {
    return this.binding.tensorDataSync(handle.id) as Int32Array
  }

  free(...handles: readonly Handle[]): void {
    for (const handle of handles) {
      for (const scope of this.scopes) scope.delete(handle)
      this.binding.deleteTensor(handle.id)
      this.handles -= 1
    }
  }

  /** Frees every handle that `block` made, except the returned ones (at any depth of arrays and plain objects). */
  tidy<T>(block: () => T): T {
    const scope = new Set<Handle>()
    this.scopes.push(scope)
    try {
      const result = block()
      const outer = this.scopes.at(-2)
      for (const kept of handlesIn(result)) if (scope.delete(kept)) outer?.add(kept)
      return result
    } finally {
      this.scopes.pop()
      for (const handle of scope) {
        this.binding.deleteTensor(handle.id)
        this.handles -= 1
      }
    }
  }

  private adopt({ id, shape }: { id: number; shape: readonly number[] }): Handle {
    const handle: Handle = { id, shape }
    this.scopes.at(-1)?.add(handle)
    this.handles += 1
    return handle
  }
}

function* handlesIn(value: unknown): Generator<Handle> {
  if (Array.isArray(value)) {
    for (const item of value) yield* handlesIn(item)
  } else if (typeof value === 'object' && value !== null) {
    if (isHandle(value)) yield value
    else if (Object.getPrototypeOf(value) === Object.prototype) yield* handlesIn(Object.values(value))
  }
}

function isHandle(value: object): value is Handle {
  return 'id' in value && 'shape' in value && typeof value.id === 'number'
}
