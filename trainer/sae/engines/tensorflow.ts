/** The training step on TensorFlow's own sparse and in-place kernels, CPU or CUDA. */
import { currentBackend } from '../../tensors/backend'
import { attribute, DataType, RawTensorFlow, type Handle } from '../../tensors/raw'
import { lossPart, type LossSpec } from '../losses'
import type { TensorflowContribution, TensorflowStep } from '../losses/loss'
import { selectionRule } from '../selections'
import type { SparseSelection } from '../selections/selection'
import type {
  EngineInfo,
  EngineSpec,
  EngineState,
  Parameters,
  StepInput,
  StepMetrics,
  StepOptions,
  TrainEngine,
} from '../spec'
import type { Codes, NamedTensor } from '../types'
import {
  checkInput,
  checkParameters,
  checkSpec,
  checkState,
  COUNTER,
  diverged,
  rowsOf,
  STATE_PREFIXES,
  withoutPrefix,
} from './checks'
import { codesOfRows, rowsOfEntries } from './hostCodes'
import { promised } from './promised'
import { normaliseRows, projectGradient } from './kernels/decoder'
import { encoderProduct, gradientThroughInput, joinEncoder, splitEncoder, withOnes } from './kernels/encoder'
import { updateFiring } from './kernels/firing'
import { globalNorm, sumGradients, type GradientName } from './kernels/gradients'
import { squaredDeviations } from './kernels/reductions'
import { csrMatrix, sparseProduct } from './kernels/sparse'
import { adamStep, AdamVariable, Variable } from './kernels/variables'

type Tensors = Record<GradientName, Handle>

interface Run {
  spec: EngineSpec
  variables: Record<GradientName, AdamVariable>
  /** `[d_sae]` */
  tokensSinceFired: Variable
  step: number
}

interface Part {
  name: LossSpec['part']
  /** Null where the part has nothing to say about this batch. */
  contribution: TensorflowContribution | null
}

export class TensorflowEngine implements TrainEngine {
  readonly info: EngineInfo
  private run?: Run

  constructor(private readonly raw = new RawTensorFlow()) {
    const { device, fingerprint } = currentBackend()
    this.info = { name: 'tensorflow', device, dtype: 'float32', fingerprint }
  }

  init(spec: EngineSpec, parameters: Parameters): Promise<void> {
    return promised(() => {
      checkSpec(spec)
      checkParameters(spec, parameters)
      this.dispose()
      const { raw } = this
      this.run = {
        spec,
        variables: {
          encoder: new AdamVariable(raw, joinEncoder(parameters['W_enc']!, parameters['b_enc']!)),
          W_dec: new AdamVariable(raw, parameters['W_dec']!),
          b_dec: new AdamVariable(raw, parameters['b_dec']!),
        },
        tokensSinceFired: new Variable(raw, [spec.d_sae], new Float32Array(spec.d_sae)),
        step: 0,
      }
    })
  }

  step(input: StepInput, { learningRate, readMetrics }: StepOptions): Promise<StepMetrics | null> {
    return promised(() => {
      const run = this.running()
      const n = checkInput(run.spec, input)
      return this.raw.tidy(() => {
        const tensors = this.read(run)
        const { forward, target } = this.forward(run, tensors, input, n)
        const parts = this.lossParts(run.spec, forward)
        const gradients = this.gradients(run.spec, tensors, parts)
        const norm = globalNorm(this.raw, Object.values(gradients))
        if (!Number.isFinite(norm)) throw diverged(norm)
        const metrics = readMetrics ? this.metrics(forward, target, parts, norm) : null
        this.update(run, tensors, gradients, norm, learningRate)
        return metrics
      })
    })
  }

  encode(x: Float32Array): Promise<Codes> {
    return promised(() => {
      const { raw } = this
      const run = this.running()
      const n = rowsOf('x', x, run.spec.d_in)
      return raw.tidy(() => {
        const { selection } = this.select(run.spec, this.read(run), this.scaled(x, n, run.spec.inputScale))
        const { columns, values } = selection
        return codesOfRows(n, run.spec.d_sae, raw.readIntegers(columns), raw.read(values))
      })
    })
  }

  decode(codes: Codes): Promise<Float32Array> {
    return promised(() => {
      const { raw } = this
      const { spec, variables } = this.running()
      return raw.tidy(() => {
        const entries = {
          rows: raw.integers(rowsOfEntries(codes)),
          columns: raw.integers(codes.indices),
          values: raw.floats(codes.values, [codes.values.length]),
        }
        const matrix = csrMatrix(raw, entries, [codes.n, codes.d_sae])
        const product = sparseProduct(raw, matrix, variables.W_dec.value.read())
        const scaled = raw.run('AddV2', [product, variables.b_dec.value.read()])
        return raw.read(raw.run('Mul', [scaled, raw.scalar(1 / spec.targetScale)]))
      })
    })
  }

  params(): Promise<Parameters> {
    return promised(() => hostTensors(this.running().variables, 'value', ''))
  }

  state(): Promise<EngineState> {
    return promised(() => {
      const { variables, tokensSinceFired, step } = this.running()
      return {
        step,
        tensors: {
          ...hostTensors(variables, 'value', STATE_PREFIXES.parameters),
          ...hostTensors(variables, 'm', STATE_PREFIXES.m),
          ...hostTensors(variables, 'v', STATE_PREFIXES.v),
          [COUNTER]: tokensSinceFired.toHost(),
        },
      }
    })
  }

  load(state: EngineState): Promise<void> {
    return promised(() => {
      const run = this.running()
      checkState(run.spec, state)
      const { encoder, W_dec, b_dec } = run.variables
      const assign = (slot: Slot, own: Parameters) => {
        encoder[slot].assign(joinEncoder(own['W_enc']!, own['b_enc']!).data)
        W_dec[slot].assign(own['W_dec']!.data)
        b_dec[slot].assign(own['b_dec']!.data)
      }
      assign('value', withoutPrefix(state.tensors, STATE_PREFIXES.parameters))
      assign('m', withoutPrefix(state.tensors, STATE_PREFIXES.m))
      assign('v', withoutPrefix(state.tensors, STATE_PREFIXES.v))
      run.tokensSinceFired.assign(state.tensors[COUNTER]!.data)
      run.step = state.step
    })
  }

  dispose(): void {
    if (!this.run) return
    for (const variable of Object.values(this.run.variables)) variable.dispose()
    this.run.tokensSinceFired.dispose()
    this.run = undefined
  }

  private running(): Run {
    if (!this.run) throw new Error('the engine is used before init() or after dispose()')
    return this.run
  }

  private read({ variables: { encoder, W_dec, b_dec } }: Run): Tensors {
    return { encoder: encoder.value.read(), W_dec: W_dec.value.read(), b_dec: b_dec.value.read() }
  }

  private scaled(values: Float32Array, n: number, scale: number): Handle {
    return this.raw.tidy(() => {
      const given = this.raw.floats(values, [n, values.length / n])
      return this.raw.run('Mul', [given, this.raw.scalar(scale)])
    })
  }

  /** @param x `[n, d_in]`, scaled */
  private select(spec: EngineSpec, { encoder, b_dec }: Tensors, x: Handle) {
    const { raw } = this
    const input = withOnes(raw, spec.subtractDecoderBias ? raw.run('Sub', [x, b_dec]) : x)
    const pre = encoderProduct(raw, input, encoder)
    const selection: SparseSelection = selectionRule(spec.select).tensorflow(raw, pre, spec.select)
    return { input, pre, selection }
  }

  private forward(
    run: Run,
    tensors: Tensors,
    input: StepInput,
    n: number,
  ): { forward: TensorflowStep; target: Handle } {
    const { raw } = this
    const { spec } = run
    const x = this.scaled(input.x, n, spec.inputScale)
    const target = input.target ? this.scaled(input.target, n, spec.targetScale) : x
    const selected = this.select(spec, tensors, x)
    const codes = csrMatrix(raw, selected.selection, [n, spec.d_sae])
    const reconstruction = raw.run('AddV2', [sparseProduct(raw, codes, tensors.W_dec), tensors.b_dec])
    const error = raw.run('Sub', [reconstruction, target])
    const firing = updateFiring(raw, run.tokensSinceFired, selected.selection, spec.deadAfterTokens)
    return { forward: { raw, ...selected, codes, error, W_dec: tensors.W_dec, ...firing }, target }
  }

  private lossParts(spec: EngineSpec, forward: TensorflowStep): Part[] {
    return spec.losses.map((loss) => ({ name: loss.part, contribution: lossPart(loss).tensorflow(forward, loss) }))
  }

  private gradients(spec: EngineSpec, tensors: Tensors, parts: readonly Part[]): Tensors {
    const shapes = { encoder: tensors.encoder.shape, W_dec: tensors.W_dec.shape, b_dec: tensors.b_dec.shape }
    const all = parts.flatMap(({ contribution }) => contribution?.gradients ?? [])
    const sums = sumGradients(this.raw, all, shapes)
    if (!spec.subtractDecoderBias) return sums
    const through = gradientThroughInput(this.raw, sums.encoder, tensors.encoder)
    return { ...sums, b_dec: this.raw.run('Sub', [sums.b_dec, through]) }
  }

  /** Clip, project, Adam, renormalise. Frees `tensors`: reads that are alive would force the updates to copy. */
  private update(run: Run, tensors: Tensors, gradients: Tensors, norm: number, learningRate: number): void {
    const { raw } = this
    const { optimiser } = run.spec
    run.step += 1
    const clip = optimiser.gradientClip
    const factor = clip !== null && norm > clip ? raw.scalar(clip / norm) : undefined
    const clipped = (gradient: Handle) => (factor ? raw.run('Mul', [gradient, factor]) : gradient)
    const W_dec = projectGradient(raw, clipped(gradients.W_dec), tensors.W_dec)
    raw.free(...Object.values(tensors))
    const step = adamStep(raw, optimiser, run.step, learningRate)
    run.variables.encoder.update(step, clipped(gradients.encoder))
    run.variables.W_dec.update(step, W_dec)
    run.variables.b_dec.update(step, clipped(gradients.b_dec))
    raw.tidy(() => run.variables.W_dec.value.set(normaliseRows(raw, run.variables.W_dec.value.read())))
  }

  private metrics(forward: TensorflowStep, target: Handle, parts: readonly Part[], gradientNorm: number): StepMetrics {
    const { raw } = this
    const { selection, error, deadCount } = forward
    return raw.tidy(() => {
      const values = Object.fromEntries(
        parts.map(({ name, contribution }) => [name, contribution ? raw.read(contribution.value)[0]! : 0]),
      )
      const on = raw.run('Cast', [raw.run('Sign', [selection.values])], [attribute.type('DstT', DataType.int32)])
      const active = raw.readIntegers(raw.run('Sum', [on, raw.integers([0])]))[0]!
      const squaredError = 2 * raw.read(raw.run('L2Loss', [error]))[0]!
      return {
        loss: Object.values(values).reduce((sum, value) => sum + value, 0),
        parts: values,
        l0: active / selection.n,
        explainedVariance: 1 - squaredError / raw.read(squaredDeviations(raw, target))[0]!,
        deadLatents: deadCount,
        gradientNorm,
      }
    })
  }
}

type Slot = 'value' | 'm' | 'v'

/** A parameter, or one of its moments, of every variable, under public names and shapes. */
function hostTensors(variables: Run['variables'], slot: Slot, prefix: string): Record<string, NamedTensor> {
  const { W_enc, b_enc } = splitEncoder(variables.encoder[slot].toHost())
  return {
    [`${prefix}W_enc`]: W_enc,
    [`${prefix}b_enc`]: b_enc,
    [`${prefix}W_dec`]: variables.W_dec[slot].toHost(),
    [`${prefix}b_dec`]: variables.b_dec[slot].toHost(),
  }
}
