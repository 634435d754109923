/** The training step on TensorFlow's own sparse and in-place kernels, CPU or CUDA. */
import { currentBackend } from '../../tensors/backend'
import { attribute, DataType, RawTensorFlow, type Handle } from '../../tensors/raw'
import { lossPart, type LossSpec } from '../losses'
import type { TensorflowContribution, TensorflowStep } from '../losses/loss'
import { selectionRule } from '../selections'
import type { TensorflowBatch } from '../selections/selection'
import type {
  EncodeOptions,
  EngineInfo,
  EngineSpec,
  EngineState,
  Parameters,
  StepInput,
  StepMetrics,
  StepOptions,
  TrainEngine,
} from '../spec'
import type { Codes } from '../types'
import {
  checkEncodable,
  checkInput,
  checkParameters,
  checkSpec,
  checkState,
  diverged,
  FIRING,
  SELECTION_PREFIX,
  selectionState,
  STATE_PREFIXES,
  withoutPrefix,
} from './checks'
import { codesOfEntries, rowsOfEntries } from './hostCodes'
import { promised } from './promised'
import { normaliseRows, projectGradient } from './kernels/decoder'
import { encoderProduct, gradientThroughInput, joinEncoder, withOnes } from './kernels/encoder'
import { updateFiring, type FiringVariables } from './kernels/firing'
import { globalNorm, sumGradients, type GradientName } from './kernels/gradients'
import { squaredDeviations } from './kernels/reductions'
import { csrMatrix, sparseProduct } from './kernels/sparse'
import { adamStep, AdamVariable, Variable } from './kernels/variables'
import { hostTensors, mapValues, readScalars, type Slot } from './tensorflowTensors'

type Tensors = Record<GradientName, Handle>

interface Run {
  spec: EngineSpec
  variables: Record<GradientName, AdamVariable>
  firing: FiringVariables
  /** What the selection rule carries. */
  selection: Record<string, Variable>
  step: number
}

interface Part {
  name: LossSpec['part']
  /** Null where the part has nothing to say about this batch. */
  contribution: TensorflowContribution | null
}

interface Forward {
  forward: TensorflowStep
  target: Handle
  /** What the selection rule carries on. */
  carried: Record<string, Handle>
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
        firing: mapValues(FIRING, () => new Variable(raw, [spec.d_sae], new Float32Array(spec.d_sae))),
        selection: mapValues(selectionState(spec), ({ shape, data }) => new Variable(raw, shape, data)),
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
        const { forward, target, carried } = this.forward(run, tensors, input, n)
        const parts = this.lossParts(run.spec, forward)
        const gradients = this.gradients(run.spec, tensors, parts)
        const norm = globalNorm(this.raw, Object.values(gradients))
        if (!Number.isFinite(norm)) throw diverged(norm)
        for (const [name, variable] of Object.entries(run.selection)) variable.set(carried[name]!)
        const metrics = readMetrics ? { ...this.metrics(forward, target, parts, norm), selection: readScalars(this.raw, carried) } : null // prettier-ignore
        this.update(run, tensors, gradients, norm, learningRate)
        return metrics
      })
    })
  }

  encode(x: Float32Array, options: EncodeOptions = {}): Promise<Codes> {
    return promised(() => {
      const { raw } = this
      const run = this.running()
      const n = checkEncodable(run.spec, x, options)
      return raw.tidy(() => {
        const { spec } = run
        const tensors = this.read(run)
        const { pre } = this.preActivations(spec, tensors, this.scaled(x, n, spec.inputScale))
        const batch = this.selectionBatch(run, pre, tensors.W_dec, options.gradient)
        const rule = selectionRule(spec.select)
        const found =
          options.by === 'training'
            ? rule.tensorflow(raw, batch, spec.select).selection
            : rule.inference.tensorflow(raw, pre, batch.state, spec.select)
        return codesOfEntries(n, spec.d_sae, {
          rows: raw.readIntegers(found.rows),
          columns: raw.readIntegers(found.columns),
          values: raw.read(found.values),
        })
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
      const { variables, firing, selection, step } = this.running()
      const named = (group: Record<string, Variable>) => mapValues(group, (variable) => variable.toHost())
      return {
        step,
        tensors: {
          ...hostTensors(variables, 'value', STATE_PREFIXES.parameters),
          ...hostTensors(variables, 'm', STATE_PREFIXES.m),
          ...hostTensors(variables, 'v', STATE_PREFIXES.v),
          ...named({ [FIRING.tokensSinceFired]: firing.tokensSinceFired, [FIRING.density]: firing.density }),
          ...named(Object.fromEntries(Object.entries(selection).map(([name, own]) => [SELECTION_PREFIX + name, own]))),
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
      run.firing.tokensSinceFired.assign(state.tensors[FIRING.tokensSinceFired]!.data)
      run.firing.density.assign(state.tensors[FIRING.density]!.data)
      for (const [name, own] of Object.entries(run.selection)) own.assign(state.tensors[SELECTION_PREFIX + name]!.data)
      run.step = state.step
    })
  }

  dispose(): void {
    if (!this.run) return
    const { variables, firing, selection } = this.run
    const all = [...Object.values(variables), firing.tokensSinceFired, firing.density, ...Object.values(selection)]
    for (const each of all) each.dispose()
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
  private preActivations(spec: EngineSpec, { encoder, b_dec }: Tensors, x: Handle) {
    const { raw } = this
    const input = withOnes(raw, spec.subtractDecoderBias ? raw.run('Sub', [x, b_dec]) : x)
    return { input, pre: encoderProduct(raw, input, encoder) }
  }

  private forward(run: Run, tensors: Tensors, given: StepInput, n: number): Forward {
    const { raw } = this
    const { spec, step } = run
    const { W_dec, b_dec } = tensors
    const x = this.scaled(given.x, n, spec.inputScale)
    const target = given.target ? this.scaled(given.target, n, spec.targetScale) : x
    const encoded = this.preActivations(spec, tensors, x)
    const batch = this.selectionBatch(run, encoded.pre, W_dec, given.gradient)
    const { selection, state: carried } = selectionRule(spec.select).tensorflow(raw, batch, spec.select)
    const codes = csrMatrix(raw, selection, [n, spec.d_sae])
    const error = raw.run('Sub', [raw.run('AddV2', [sparseProduct(raw, codes, W_dec), b_dec]), target])
    const firing = updateFiring(raw, run.firing, selection, { deadAfterTokens: spec.deadAfterTokens, step })
    return { forward: { raw, ...encoded, selection, codes, error, W_dec, ...firing }, target, carried }
  }

  private selectionBatch(run: Run, pre: Handle, W_dec: Handle, gradient: Float32Array | undefined): TensorflowBatch {
    const shape = [pre.shape[0]!, run.spec.d_out]
    return {
      ...{ pre, W_dec, step: run.step, density: run.firing.density.read() },
      ...(gradient && { gradient: this.raw.floats(gradient, shape) }),
      state: mapValues(run.selection, (variable) => variable.read()),
    }
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

  private metrics(
    forward: TensorflowStep,
    target: Handle,
    parts: readonly Part[],
    gradientNorm: number,
  ): Omit<StepMetrics, 'selection'> {
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
