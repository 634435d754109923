/** Tensors that live through a run as TensorFlow resource variables, updated in place. */
import { attribute, DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'
import type { NamedTensor } from '../../tensors/arrays'

let made = 0

export class Variable {
  private readonly resource: Handle

  constructor(
    private readonly raw: RawTensorFlow,
    readonly shape: readonly number[],
    data: Float32Array,
  ) {
    // Resources are shared by name within the process, so every variable needs its own name.
    this.resource = raw.run(
      'VarHandleOp',
      [],
      [
        attribute.string('shared_name', `loupe-${++made}`),
        attribute.type('dtype', DataType.float32),
        attribute.shape('shape', shape),
      ],
    )
    this.assign(data)
  }

  get handle(): Handle {
    return this.resource
  }

  /** Free what this returns before the next in-place update, which otherwise copies the variable first. */
  read(): Handle {
    return this.raw.run('ReadVariableOp', [this.resource], [attribute.type('dtype', DataType.float32)])
  }

  set(value: Handle): void {
    this.raw.runMany('AssignVariableOp', 0, [this.resource, value])
  }

  /** Copies `data`. */
  assign(data: Float32Array): void {
    this.raw.tidy(() => this.set(this.raw.floats(data.slice(), this.shape)))
  }

  toHost(): NamedTensor {
    const data = this.raw.tidy(() => this.raw.read(this.read()))
    return { shape: [...this.shape], data }
  }

  dispose(): void {
    this.raw.runMany('DestroyResourceOp', 0, [this.resource])
    this.raw.free(this.resource)
  }
}

export interface AdamHyperparameters {
  beta1: number
  beta2: number
  epsilon: number
}

/** Scalars of one update, shared by all parameters. */
export interface AdamStep {
  inputs: Handle[]
}

/** @param step 1 for the first update */
export function adamStep(raw: RawTensorFlow, spec: AdamHyperparameters, step: number, learningRate: number): AdamStep {
  // The kernel takes 1 − β in float32, so the powers are those of the rounded β.
  const [beta1, beta2] = [Math.fround(spec.beta1), Math.fround(spec.beta2)]
  const power1 = beta1 ** step
  const power2 = beta2 ** step
  // The kernel adds its epsilon before the bias correction of v; scaled so, it is Kingma and Ba's epsilon.
  const scaled = spec.epsilon * Math.sqrt(1 - power2)
  return { inputs: [power1, power2, learningRate, beta1, beta2, scaled].map((value) => raw.scalar(value)) }
}

/** A parameter with its moments. */
export class AdamVariable {
  readonly value: Variable
  readonly m: Variable
  readonly v: Variable

  constructor(
    private readonly raw: RawTensorFlow,
    { shape, data }: NamedTensor,
  ) {
    this.value = new Variable(raw, shape, data)
    this.m = new Variable(raw, shape, new Float32Array(data.length))
    this.v = new Variable(raw, shape, new Float32Array(data.length))
  }

  update(step: AdamStep, gradient: Handle): void {
    const targets = [this.value.handle, this.m.handle, this.v.handle]
    this.raw.runMany('ResourceApplyAdam', 0, [...targets, ...step.inputs, gradient])
  }

  dispose(): void {
    for (const variable of [this.value, this.m, this.v]) variable.dispose()
  }
}
