/** The training step on TensorFlow's own sparse and in-place kernels, CPU or CUDA. */
import { currentBackend } from '../../../tensors/backend'
import { RawTensorFlow } from '../../../tensors/raw'
import { rowsOfEntries } from '../../codes/entries'
import { readFiring } from '../../kernels/firing'
import { globalNorm } from '../../kernels/gradients'
import { squaredDeviations } from '../../kernels/reductions'
import { codesOf } from '../../kernels/selected'
import { csrMatrix, sparseProduct } from '../../kernels/sparse'
import { selectionRule } from '../../step'
import type { EngineSpec, StepMetrics, TrainEngine } from '../../step/spec'
import { diverged } from '../shared/checks'
import { carriedByLosses, lossFigures } from '../shared/losses'
import { medianThreshold } from '../shared/medianThreshold'
import { Engine, type Computation } from '../shared/shell'
import {
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
  type TensorflowPart,
} from './step'
import { createRun, disposeRun, hostTensors, loadState, readScalars, stateOf, type Run } from './tensors'

export function createTensorflowEngine(raw = new RawTensorFlow()): TrainEngine {
  const { device, fingerprint } = currentBackend()
  return new Engine({ name: 'tensorflow', device, dtype: 'float32', fingerprint }, computationOn(raw))
}

function computationOn(raw: RawTensorFlow): Computation<Run> {
  return {
    create: (spec, parameters) => createRun(raw, spec, parameters),
    dispose: disposeRun,
    params: ({ variables }) => hostTensors(variables, 'value', ''),
    state: stateOf,
    load: loadState,

    step: (run, input, n, { learningRate, readMetrics }) =>
      raw.tidy(() => {
        const tensors = readVariables(run)
        const passed = forward(raw, run, tensors, input, n)
        const parts = lossParts(run, passed.step)
        const all = gradients(raw, run.spec, tensors, passed, parts)
        const norm = globalNorm(raw, Object.values(all))
        if (!Number.isFinite(norm)) throw diverged(norm)
        const carried = carriedByLosses(parts)
        for (const [name, variable] of Object.entries(run.selection)) variable.set(passed.carried[name]!)
        for (const [name, variable] of Object.entries(run.losses)) if (carried[name]) variable.set(carried[name])
        const metrics = readMetrics ? metricsOf(raw, run.spec, passed, parts, norm) : null
        update(raw, run, { tensors, gradients: all, norm }, learningRate)
        return metrics
      }),

    encode: (run, x, n, { by, pass, gradient }) =>
      raw.tidy(() => {
        const { spec } = run
        const tensors = readVariables(run)
        const { pre } = preActivations(raw, spec, tensors, scaled(raw, x, n, spec.inputScale))
        const batch = selectionBatch(raw, run, tensors, pre, gradient)
        const selection =
          by === 'training'
            ? selectAsTrained(raw, run, batch, pass)
            : selectionRule(spec.select).inference.tensorflow(raw, batch, spec.select)
        return codesOf(raw, selection)
      }),

    decode: (run, codes, x) =>
      raw.tidy(() => {
        const { spec } = run
        const tensors = readVariables(run)
        const entries = {
          rows: raw.integers(rowsOfEntries(codes)),
          columns: raw.integers(codes.indices),
          values: raw.floats(codes.values, [codes.values.length]),
        }
        const product = sparseProduct(raw, csrMatrix(raw, entries, [codes.n, codes.d_sae]), tensors.W_dec)
        const output = reconstruction(raw, product, tensors, x && scaled(raw, x, codes.n, spec.inputScale))
        return raw.read(raw.run('Mul', [output, raw.scalar(1 / spec.targetScale)]))
      }),
  }
}

function metricsOf(
  raw: RawTensorFlow,
  { losses }: EngineSpec,
  { step, carried }: Forward,
  parts: readonly TensorflowPart[],
  gradientNorm: number,
): StepMetrics {
  const { error, target, deadCount } = step
  return raw.tidy(() => {
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
      ...lossFigures(losses, () => readFiring(raw, step)),
      gradientNorm,
      selection: {
        ...readScalars(raw, carried),
        ...medianThreshold({ ...step.parameters, ...carried }, (handle) => raw.read(handle)),
      },
      losses: readScalars(raw, carriedByLosses(parts)),
    }
  })
}
