/** The training step on TensorFlow's own sparse and in-place kernels, CPU or CUDA. */
import { currentBackend } from '../../../tensors/backend'
import { RawTensorFlow } from '../../../tensors/raw'
import { countDying, marked } from '../../step/losses/auxZipf'
import { selectionRule } from '../../step/selections'
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
} from '../../step/spec'
import type { Codes } from '../../dictionary/types'
import {
  checkDecodable,
  checkEncodable,
  checkInput,
  checkParameters,
  checkSpec,
  checkState,
  diverged,
  furtherParameters,
} from '../checks'
import { rowsOfEntries } from '../hostCodes'
import { globalNorm } from '../../kernels/gradients'
import { squaredDeviations } from '../../kernels/reductions'
import { codesOf } from '../../kernels/selected'
import { csrMatrix, sparseProduct } from '../../kernels/sparse'
import { medianThreshold } from '../medianThreshold'
import { promised } from '../promised'
import {
  carriedByLosses,
  forward,
  gradients,
  lossParts,
  preActivations,
  readVariables,
  reconstruction,
  scaled,
  selectAsTrained,
  selectionBatch,
  update,
  type Forward,
  type Part,
} from './step'
import { createRun, disposeRun, hostTensors, loadState, readScalars, stateOf, type Run } from './tensors'

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
      checkParameters(spec, { ...furtherParameters(spec), ...parameters })
      this.dispose()
      this.run = createRun(this.raw, spec, parameters)
    })
  }

  step(input: StepInput, { learningRate, readMetrics }: StepOptions): Promise<StepMetrics | null> {
    return promised(() => {
      const { raw } = this
      const run = this.running()
      const n = checkInput(run.spec, input)
      return raw.tidy(() => {
        const tensors = readVariables(run)
        const passed = forward(raw, run, tensors, input, n)
        const parts = lossParts(run, passed.step)
        const all = gradients(raw, run.spec, tensors, passed, parts)
        const norm = globalNorm(raw, Object.values(all))
        if (!Number.isFinite(norm)) throw diverged(norm)
        const carried = carriedByLosses(parts)
        for (const [name, variable] of Object.entries(run.selection)) variable.set(passed.carried[name]!)
        for (const [name, variable] of Object.entries(run.losses)) if (carried[name]) variable.set(carried[name])
        const metrics = readMetrics ? this.metrics(passed, parts, norm) : null
        update(raw, run, { tensors, gradients: all, norm }, learningRate)
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
        const tensors = readVariables(run)
        const { pre } = preActivations(raw, spec, tensors, scaled(raw, x, n, spec.inputScale))
        const batch = selectionBatch(raw, run, tensors, pre, options.gradient)
        const found =
          options.by === 'training'
            ? selectAsTrained(raw, run, batch, options.pass)
            : selectionRule(spec.select).inference.tensorflow(raw, batch, spec.select)
        return codesOf(raw, found)
      })
    })
  }

  decode(codes: Codes, x?: Float32Array): Promise<Float32Array> {
    return promised(() => {
      const { raw } = this
      const run = this.running()
      const { spec } = run
      const skipped = checkDecodable(spec, codes.n, x)
      return raw.tidy(() => {
        const tensors = readVariables(run)
        const entries = {
          rows: raw.integers(rowsOfEntries(codes)),
          columns: raw.integers(codes.indices),
          values: raw.floats(codes.values, [codes.values.length]),
        }
        const product = sparseProduct(raw, csrMatrix(raw, entries, [codes.n, codes.d_sae]), tensors.W_dec)
        const input = skipped && scaled(raw, skipped, codes.n, spec.inputScale)
        const output = reconstruction(raw, product, tensors, input)
        return raw.read(raw.run('Mul', [output, raw.scalar(1 / spec.targetScale)]))
      })
    })
  }

  params(): Promise<Parameters> {
    return promised(() => hostTensors(this.running().variables, 'value', ''))
  }

  state(): Promise<EngineState> {
    return promised(() => stateOf(this.running()))
  }

  load(state: EngineState): Promise<void> {
    return promised(() => {
      const run = this.running()
      checkState(run.spec, state)
      loadState(run, state)
    })
  }

  dispose(): void {
    if (this.run) disposeRun(this.run)
    this.run = undefined
  }

  private running(): Run {
    if (!this.run) throw new Error('the engine is used before init() or after dispose()')
    return this.run
  }

  private metrics({ step, carried }: Forward, parts: readonly Part[], gradientNorm: number): StepMetrics {
    const { raw } = this
    const { error, target, deadCount, density, dead } = step
    const { losses } = this.running().spec
    return raw.tidy(() => {
      const dying = countDying(losses, () => ({
        density: raw.read(density),
        isDead: marked(raw.readIntegers(dead), density.shape[0]!),
      }))
      const values = Object.fromEntries(
        parts.map(({ name, contribution }) => [name, contribution ? raw.read(contribution.value)[0]! : 0]),
      )
      const l0 = step.l0()
      const squaredError = 2 * raw.read(raw.run('L2Loss', [error]))[0]!
      return {
        loss: Object.values(values).reduce((sum, value) => sum + value, 0),
        parts: values,
        l0,
        explainedVariance: 1 - squaredError / raw.read(squaredDeviations(raw, target))[0]!,
        deadLatents: deadCount,
        ...(dying !== null && { dyingLatents: dying }),
        gradientNorm,
        selection: {
          ...readScalars(raw, carried),
          ...medianThreshold({ ...step.parameters, ...carried }, (own) => raw.read(own)),
        },
        losses: readScalars(raw, carriedByLosses(parts)),
      }
    })
  }
}
