/**
 * The training step in plain tfjs ops, dense, on any backend: what the other engines are measured against, and what
 * computes where TensorFlow cannot be had.
 */
import * as tf from '@tensorflow/tfjs-core'
import { currentBackend } from '../../../tensors/backend'
import { tidyToHost } from '../../../tensors/tidyToHost'
import { fromDense, toDense } from '../../dictionary/codes'
import { countDying } from '../../step/losses/auxZipf'
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
import { medianThreshold } from '../medianThreshold'
import { promised } from '../promised'
import {
  carriedByLosses,
  forward,
  gradients,
  lossParts,
  preActivations,
  reconstruction,
  scaled,
  selectAsTrained,
  selectionBatch,
  update,
  type Forward,
  type Part,
} from './step'
import { createRun, disposeRun, loadState, replace, scalarsOf, stateOf, toHost, type Run } from './tensors'

export class ReferenceEngine implements TrainEngine {
  readonly info: EngineInfo
  private run?: Run

  constructor() {
    const { device, fingerprint } = currentBackend()
    this.info = { name: 'reference', device, dtype: 'float32', fingerprint: `reference on ${fingerprint}` }
  }

  init(spec: EngineSpec, parameters: Parameters): Promise<void> {
    return promised(() => {
      checkSpec(spec)
      checkParameters(spec, { ...furtherParameters(spec), ...parameters })
      this.dispose()
      this.run = createRun(spec, parameters)
    })
  }

  step(input: StepInput, { learningRate, readMetrics }: StepOptions): Promise<StepMetrics | null> {
    return promised(() => {
      const run = this.running()
      const n = checkInput(run.spec, input)
      return tidyToHost(() => {
        const passed = forward(run, input, n)
        const parts = lossParts(run, passed.step)
        const all = gradients(run, passed, parts)
        const norm = Math.sqrt(Object.values(all).reduce((sum, gradient) => sum + squaredNorm(gradient), 0))
        if (!Number.isFinite(norm)) throw diverged(norm)
        for (const [name, next] of Object.entries(passed.carried)) replace(run.selection, name, next)
        for (const [name, next] of Object.entries(carriedByLosses(parts))) replace(run.losses, name, next)
        const metrics = readMetrics ? metricsOf(run, passed, parts, norm) : null
        update(run, all, norm, learningRate)
        return metrics
      })
    })
  }

  encode(x: Float32Array, options: EncodeOptions = {}): Promise<Codes> {
    return promised(() => {
      const run = this.running()
      const { spec, parameters } = run
      const n = checkEncodable(spec, x, options)
      return tidyToHost(() => {
        const { pre } = preActivations(spec, parameters, scaled(x, n, spec.inputScale))
        const batch = selectionBatch(run, pre, options.gradient)
        const z =
          options.by === 'training'
            ? selectAsTrained(run, batch, options.pass)
            : selectionRule(spec.select).inference.reference(batch, spec.select)
        return fromDense(z.dataSync<'float32'>(), n, spec.d_sae)
      })
    })
  }

  decode(codes: Codes, x?: Float32Array): Promise<Float32Array> {
    return promised(() => {
      const { spec, parameters } = this.running()
      const skipped = checkDecodable(spec, codes.n, x)
      return tidyToHost(() => {
        const z = tf.tensor2d(toDense(codes), [codes.n, codes.d_sae])
        const output = reconstruction(z, parameters, skipped && scaled(skipped, codes.n, spec.inputScale))
        return tf.div(output, spec.targetScale).dataSync<'float32'>()
      })
    })
  }

  params(): Promise<Parameters> {
    return promised(() => toHost(this.running().parameters, ''))
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
}

function metricsOf(
  { spec }: Run,
  { step, carried }: Forward,
  parts: readonly Part[],
  gradientNorm: number,
): StepMetrics {
  const { error, target, deadCount, density, dead } = step
  const firing = () => ({ density: density.dataSync<'float32'>(), isDead: dead.dataSync<'float32'>() })
  const dying = countDying(spec.losses, firing)
  const values = Object.fromEntries(
    parts.map(({ name, contribution }) => [name, contribution?.value.dataSync<'float32'>()[0] ?? 0]),
  )
  return {
    loss: Object.values(values).reduce((sum, value) => sum + value, 0),
    parts: values,
    l0: step.l0(),
    explainedVariance: 1 - squaredNorm(error) / squaredNorm(tf.sub(target, tf.mean(target, 0))),
    deadLatents: deadCount,
    ...(dying !== null && { dyingLatents: dying }),
    gradientNorm,
    selection: {
      ...scalarsOf(carried),
      ...medianThreshold({ ...step.parameters, ...carried }, (own) => own.dataSync<'float32'>()),
    },
    losses: scalarsOf(carriedByLosses(parts)),
  }
}

function squaredNorm(tensor: tf.Tensor): number {
  return tf.sum(tf.square(tensor)).dataSync<'float32'>()[0]!
}
