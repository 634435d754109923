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
import type { ReferenceBatch } from '../selections/selection'
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
import { fromDense, toDense } from '../codes'
import type { Codes } from '../types'
import { averaged, averagingRate } from './averages'
import {
  checkEncodable,
  checkInput,
  checkParameters,
  checkSpec,
  checkState,
  diverged,
  FIRING,
  parameterShapes,
  SELECTION_PREFIX,
  selectionState,
  STATE_PREFIXES,
  withoutPrefix,
} from './checks'
import { promised } from './promised'
import { replace, toDevice, toHost, type Tensors } from './referenceTensors'

interface Run {
  spec: EngineSpec
  /** Under public names and shapes, as are the moments. */
  parameters: Tensors
  m: Tensors
  v: Tensors
  /** `[d_sae]` each: tokens since a latent fired, saturating at `deadAfterTokens`, and its density. */
  firing: Tensors
  /** What the selection rule carries. */
  selection: Tensors
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
  /** What the selection rule carries on. */
  selection: Tensors
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
      const shapes = parameterShapes(spec)
      const zeros = () => Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.zeros(shape)]))
      this.run = {
        spec,
        parameters: toDevice(parameters, Object.keys(shapes)),
        m: zeros(),
        v: zeros(),
        firing: Object.fromEntries(Object.values(FIRING).map((name) => [name, tf.zeros([spec.d_sae])])),
        selection: toDevice(selectionState(spec)),
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
        for (const [name, next] of Object.entries(forward.selection)) replace(run.selection, name, next)
        const metrics = readMetrics ? metricsOf(forward, parts, norm) : null
        update(run, gradients, norm, learningRate)
        return metrics
      })
    })
  }

  encode(x: Float32Array, options: EncodeOptions = {}): Promise<Codes> {
    return promised(() => {
      const run = this.running()
      const { spec, parameters, selection } = run
      const n = checkEncodable(spec, x, options)
      return tidyToHost(() => {
        const { pre } = preActivations(spec, parameters, scaled(x, n, spec.inputScale))
        const rule = selectionRule(spec.select)
        const z =
          options.by === 'training'
            ? rule.reference(selectionBatch(run, pre, options.gradient), spec.select).z
            : rule.inference.reference(pre, selection, spec.select)
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
      const { parameters, m, v, firing, selection, step } = this.running()
      const tensors = {
        ...toHost(parameters, STATE_PREFIXES.parameters),
        ...toHost(m, STATE_PREFIXES.m),
        ...toHost(v, STATE_PREFIXES.v),
        ...toHost(firing, ''),
        ...toHost(selection, SELECTION_PREFIX),
      }
      return { step, tensors }
    })
  }

  load(state: EngineState): Promise<void> {
    return promised(() => {
      const run = this.running()
      checkState(run.spec, state)
      disposeRun(run)
      const names = Object.keys(parameterShapes(run.spec))
      const group = (prefix: string) => toDevice(withoutPrefix(state.tensors, prefix), names)
      run.parameters = group(STATE_PREFIXES.parameters)
      run.m = group(STATE_PREFIXES.m)
      run.v = group(STATE_PREFIXES.v)
      run.firing = toDevice(state.tensors, Object.values(FIRING))
      run.selection = toDevice(withoutPrefix(state.tensors, SELECTION_PREFIX))
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
    const { input, pre } = preActivations(spec, parameters, x)
    const W_dec = parameters['W_dec'] as tf.Tensor2D
    const batch = selectionBatch(run, pre, given.gradient)
    const { z, state: selection } = selectionRule(spec.select).reference(batch, spec.select)
    const error = tf.sub<tf.Tensor2D>(tf.add(tf.matMul(z, W_dec), parameters['b_dec']!), target)
    return { input, target, selection, pre, z, error, W_dec, ...updateFiring(run, z) }
  }
}

function preActivations(spec: EngineSpec, { W_enc, b_enc, b_dec }: Tensors, x: tf.Tensor2D) {
  const input = spec.subtractDecoderBias ? tf.sub<tf.Tensor2D>(x, b_dec!) : x
  return { input, pre: tf.add<tf.Tensor2D>(tf.matMul(input, W_enc as tf.Tensor2D), b_enc!) }
}

function selectionBatch(run: Run, pre: tf.Tensor2D, gradient: Float32Array | undefined): ReferenceBatch {
  const shape: [number, number] = [pre.shape[0], run.spec.d_out]
  return {
    ...{ pre, W_dec: run.parameters['W_dec'] as tf.Tensor2D, step: run.step, state: run.selection },
    density: run.firing[FIRING.density] as tf.Tensor1D,
    ...(gradient && { gradient: tf.tensor2d(gradient, shape) }),
  }
}

/** Counts a batch into the firing of latents, then tells the dead. */
function updateFiring({ spec, firing, step }: Run, z: tf.Tensor2D) {
  const [n] = z.shape
  const counts: tf.Tensor1D = tf.sum(tf.step(z), 0)
  const waited: tf.Tensor1D = tf.minimum(tf.add(firing[FIRING.tokensSinceFired]!, n), spec.deadAfterTokens)
  const counter: tf.Tensor1D = tf.where(tf.greater(counts, 0), tf.zerosLike(waited), waited)
  const rate = averagingRate(step, n / spec.deadAfterTokens)
  const density = averaged(firing[FIRING.density] as tf.Tensor1D, tf.mul(counts, 1 / n), rate)
  replace(firing, FIRING.tokensSinceFired, counter)
  replace(firing, FIRING.density, density)
  const dead = tf.cast<tf.Tensor1D>(tf.greaterEqual(counter, spec.deadAfterTokens), 'float32')
  return { density, dead, deadCount: tf.sum(dead).dataSync<'float32'>()[0]! }
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
  { z, error, target, deadCount, selection }: Forward,
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
    selection: scalarsOf(selection),
  }
}

function scalarsOf(tensors: Tensors): Record<string, number> {
  const scalars = Object.entries(tensors).filter(([, { shape }]) => shape.length === 0)
  return Object.fromEntries(scalars.map(([name, tensor]) => [name, tensor.dataSync<'float32'>()[0]!]))
}

function squaredNorm(tensor: tf.Tensor): number {
  return tf.sum(tf.square(tensor)).dataSync<'float32'>()[0]!
}

function scaled(values: Float32Array, n: number, scale: number): tf.Tensor2D {
  return tf.mul(tf.tensor2d(values, [n, values.length / n]), scale)
}

function disposeRun({ parameters, m, v, firing, selection }: Run): void {
  for (const group of [parameters, m, v, firing, selection]) tf.dispose(group)
}
