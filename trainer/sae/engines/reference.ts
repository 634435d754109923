/**
 * The training step in plain tfjs ops, dense, on any backend: what the other engines are measured against, and what
 * computes where TensorFlow cannot be had. Gradients are written by hand.
 */
import * as tf from '@tensorflow/tfjs-core'
import { currentBackend } from '../../tensors/backend'
import { tidyToHost } from '../../tensors/tidyToHost'
import { lossPart, type LossSpec } from '../losses'
import type { ReferenceContribution, ReferenceStep } from '../losses/loss'
import { selectionRule } from '../selections'
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
import { fromDense, toDense } from '../codes'
import type { Codes, NamedTensor } from '../types'
import {
  checkInput,
  checkParameters,
  checkSpec,
  checkState,
  COUNTER,
  diverged,
  parameterShapes,
  rowsOf,
  STATE_PREFIXES,
  withoutPrefix,
} from './checks'
import { promised } from './promised'

type Tensors = Record<string, tf.Tensor>

interface Run {
  spec: EngineSpec
  /** Under public names and shapes, as are the moments. */
  parameters: Tensors
  m: Tensors
  v: Tensors
  /** `[d_sae]` float32, saturating at `deadAfterTokens`. */
  tokensSinceFired: tf.Tensor1D
  step: number
}

interface Part {
  name: LossSpec['part']
  /** Null where the part has nothing to say about this batch. */
  contribution: ReferenceContribution | null
}

interface Forward extends ReferenceStep {
  /** `[n, d_in]`: what the encoder multiplies. */
  input: tf.Tensor2D
  target: tf.Tensor2D
}

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
      checkParameters(spec, parameters)
      this.dispose()
      const zeros = () => mapValues(parameterShapes(spec), (shape) => tf.zeros(shape))
      this.run = {
        spec,
        parameters: toDevice(spec, parameters),
        m: zeros(),
        v: zeros(),
        tokensSinceFired: tf.zeros([spec.d_sae]),
        step: 0,
      }
    })
  }

  step(input: StepInput, { learningRate, readMetrics }: StepOptions): Promise<StepMetrics | null> {
    return promised(() => {
      const run = this.running()
      const n = checkInput(run.spec, input)
      return tidyToHost(() => {
        const forward = this.forward(run, input, n)
        const parts = lossParts(run.spec, forward)
        const gradients = gradientsOf(run, forward, parts)
        const norm = Math.sqrt(Object.values(gradients).reduce((sum, gradient) => sum + squaredNorm(gradient), 0))
        if (!Number.isFinite(norm)) throw diverged(norm)
        const metrics = readMetrics ? metricsOf(forward, parts, norm) : null
        update(run, gradients, norm, learningRate)
        return metrics
      })
    })
  }

  encode(x: Float32Array): Promise<Codes> {
    return promised(() => {
      const { spec, parameters } = this.running()
      const n = rowsOf('x', x, spec.d_in)
      return tidyToHost(() => {
        const { z } = activations(spec, parameters, scaled(x, n, spec.inputScale))
        return fromDense(z.dataSync<'float32'>(), n, spec.d_sae)
      })
    })
  }

  decode(codes: Codes): Promise<Float32Array> {
    return promised(() => {
      const { spec, parameters } = this.running()
      return tidyToHost(() => {
        const z = tf.tensor2d(toDense(codes), [codes.n, codes.d_sae])
        const reconstruction = tf.add(tf.matMul(z, parameters['W_dec'] as tf.Tensor2D), parameters['b_dec']!)
        return tf.div(reconstruction, spec.targetScale).dataSync<'float32'>()
      })
    })
  }

  params(): Promise<Parameters> {
    return promised(() => toHost(this.running().parameters, ''))
  }

  state(): Promise<EngineState> {
    return promised(() => {
      const { parameters, m, v, tokensSinceFired, step } = this.running()
      const tensors = {
        ...toHost(parameters, STATE_PREFIXES.parameters),
        ...toHost(m, STATE_PREFIXES.m),
        ...toHost(v, STATE_PREFIXES.v),
        ...toHost({ [COUNTER]: tokensSinceFired }, ''),
      }
      return { step, tensors }
    })
  }

  load(state: EngineState): Promise<void> {
    return promised(() => {
      const run = this.running()
      checkState(run.spec, state)
      disposeRun(run)
      const group = (prefix: string) => toDevice(run.spec, withoutPrefix(state.tensors, prefix))
      run.parameters = group(STATE_PREFIXES.parameters)
      run.m = group(STATE_PREFIXES.m)
      run.v = group(STATE_PREFIXES.v)
      run.tokensSinceFired = toTensor(state.tensors[COUNTER]!) as tf.Tensor1D
      run.step = state.step
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

  private forward(run: Run, given: StepInput, n: number): Forward {
    const { spec, parameters } = run
    const x = scaled(given.x, n, spec.inputScale)
    const target = given.target ? scaled(given.target, n, spec.targetScale) : x
    const { input, pre, z } = activations(spec, parameters, x)
    const W_dec = parameters['W_dec'] as tf.Tensor2D
    const error = tf.sub<tf.Tensor2D>(tf.add(tf.matMul(z, W_dec), parameters['b_dec']!), target)
    const fired = tf.greater(tf.max(z, 0), 0)
    const waited: tf.Tensor1D = tf.minimum(tf.add(run.tokensSinceFired, n), spec.deadAfterTokens)
    const counter: tf.Tensor1D = tf.where(fired, tf.zerosLike(waited), waited)
    replace(run, 'tokensSinceFired', counter)
    const dead = tf.cast<tf.Tensor1D>(tf.greaterEqual(counter, spec.deadAfterTokens), 'float32')
    return { input, target, pre, z, error, W_dec, dead, deadCount: tf.sum(dead).dataSync<'float32'>()[0]! }
  }
}

function activations(spec: EngineSpec, { W_enc, b_enc, b_dec }: Tensors, x: tf.Tensor2D) {
  const input = spec.subtractDecoderBias ? tf.sub<tf.Tensor2D>(x, b_dec!) : x
  const pre = tf.add<tf.Tensor2D>(tf.matMul(input, W_enc as tf.Tensor2D), b_enc!)
  return { input, pre, z: selectionRule(spec.select).reference(pre, spec.select) }
}

function lossParts(spec: EngineSpec, forward: Forward): Part[] {
  return spec.losses.map((loss) => ({ name: loss.part, contribution: lossPart(loss).reference(forward, loss) }))
}

/** dW_enc = inputᵀ dpre, db_enc = Σ dpre, db_dec = Σ R − Σ (dpre W_encᵀ). */
function gradientsOf({ spec, parameters }: Run, { input }: Forward, parts: readonly Part[]): Tensors {
  const contributions = parts.flatMap(({ contribution }) => contribution ?? [])
  const pre = tf.addN<tf.Tensor2D>(contributions.map((part) => part.pre))
  const b_enc = tf.sum(pre, 0)
  const direct = tf.addN(contributions.map((part) => part.b_dec ?? tf.zeros([spec.d_out])))
  const through = () => tf.matMul(tf.expandDims(b_enc, 0), parameters['W_enc'] as tf.Tensor2D, false, true)
  return {
    W_enc: tf.matMul(input, pre, true, false),
    b_enc,
    W_dec: tf.addN(contributions.map((part) => part.W_dec)),
    b_dec: spec.subtractDecoderBias ? tf.sub(direct, tf.reshape(through(), [spec.d_in])) : direct,
  }
}

/** Clip, project, Adam (Kingma and Ba 2015, algorithm 1), renormalise. */
function update(run: Run, gradients: Tensors, norm: number, learningRate: number): void {
  const { epsilon, gradientClip } = run.spec.optimiser
  const [beta1, beta2] = [Math.fround(run.spec.optimiser.beta1), Math.fround(run.spec.optimiser.beta2)]
  run.step += 1
  const factor = gradientClip !== null && norm > gradientClip ? gradientClip / norm : 1
  const rate = (learningRate * Math.sqrt(1 - beta2 ** run.step)) / (1 - beta1 ** run.step)
  const scaledEpsilon = epsilon * Math.sqrt(1 - beta2 ** run.step)
  for (const [name, value] of Object.entries(run.parameters)) {
    const clipped = tf.mul(gradients[name]!, factor)
    const gradient = name === 'W_dec' ? projected(clipped, value) : clipped
    const m = tf.add(run.m[name]!, tf.mul(tf.sub(gradient, run.m[name]!), 1 - beta1))
    const v = tf.add(run.v[name]!, tf.mul(tf.sub(tf.square(gradient), run.v[name]!), 1 - beta2))
    const moved = tf.sub(value, tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), scaledEpsilon)))
    const next = name === 'W_dec' ? tf.div(moved, tf.sqrt(tf.sum(tf.square(moved), 1, true))) : moved
    replace(run.parameters, name, next)
    replace(run.m, name, m)
    replace(run.v, name, v)
  }
}

function projected(gradient: tf.Tensor, rows: tf.Tensor): tf.Tensor {
  return tf.sub(gradient, tf.mul(rows, tf.sum(tf.mul(gradient, rows), 1, true)))
}

function metricsOf(
  { z, error, target, deadCount }: Forward,
  parts: readonly Part[],
  gradientNorm: number,
): StepMetrics {
  const values = Object.fromEntries(
    parts.map(({ name, contribution }) => [name, contribution?.value.dataSync<'float32'>()[0] ?? 0]),
  )
  return {
    loss: Object.values(values).reduce((sum, value) => sum + value, 0),
    parts: values,
    l0: tf.sum(tf.step(z)).dataSync<'float32'>()[0]! / z.shape[0],
    explainedVariance: 1 - squaredNorm(error) / squaredNorm(tf.sub(target, tf.mean(target, 0))),
    deadLatents: deadCount,
    gradientNorm,
  }
}

function squaredNorm(tensor: tf.Tensor): number {
  return tf.sum(tf.square(tensor)).dataSync<'float32'>()[0]!
}

function scaled(values: Float32Array, n: number, scale: number): tf.Tensor2D {
  return tf.mul(tf.tensor2d(values, [n, values.length / n]), scale)
}

/** Puts a tensor that outlives the step in the place of the old one. */
function replace<Holder, Name extends keyof Holder>(holder: Holder, name: Name, next: Holder[Name] & tf.Tensor): void {
  const old = holder[name] as tf.Tensor
  holder[name] = tf.keep(next)
  old.dispose()
}

function disposeRun({ parameters, m, v, tokensSinceFired }: Run): void {
  for (const group of [parameters, m, v]) tf.dispose(group)
  tokensSinceFired.dispose()
}

function toTensor({ shape, data }: NamedTensor): tf.Tensor {
  return tf.tensor(data.slice(), shape)
}

function toDevice(spec: EngineSpec, tensors: Parameters): Tensors {
  return mapValues(parameterShapes(spec), (_, name) => toTensor(tensors[name]!))
}

function toHost(tensors: Tensors, prefix: string): Record<string, NamedTensor> {
  const entries = Object.entries(tensors).map(([name, tensor]): [string, NamedTensor] => [
    prefix + name,
    { shape: tensor.shape, data: tensor.dataSync<'float32'>().slice() },
  ])
  return Object.fromEntries(entries)
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From, name: string) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]))
}
