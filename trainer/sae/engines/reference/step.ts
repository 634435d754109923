/** Forward, backward and update of one step in plain tfjs ops. Gradients are written by hand. */
import * as tf from '@tensorflow/tfjs-core'
import { lossPart, selectionRule } from '../../step'
import type { ReferenceContribution, ReferenceStep } from '../../step/losses/loss'
import type { ReferenceBatch } from '../../step/selections/selection'
import type { EncodingPass, EngineSpec, StepInput } from '../../step/spec'
import { averaged, averagingRate } from '../../kernels/averages'
import { CORE_PARAMETERS, FIRING, without, withoutPrefix } from '../../step/state'
import type { Part } from '../shared/losses'
import { replace, toDevice, toHost, type Run, type Tensors } from './tensors'

export type ReferencePart = Part<ReferenceContribution>

export interface Forward {
  step: ReferenceStep
  batch: ReferenceBatch
  /** `[n, d_in]`: what the encoder multiplies. */
  input: tf.Tensor2D
  /** What the selection rule carries to the next step. */
  carried: Tensors
}

export function scaled(values: Float32Array, n: number, scale: number): tf.Tensor2D {
  return tf.mul(tf.tensor2d(values, [n, values.length / n]), scale)
}

export function preActivations(spec: EngineSpec, { W_enc, b_enc, b_dec }: Tensors, x: tf.Tensor2D) {
  const input = spec.subtractDecoderBias ? tf.sub<tf.Tensor2D>(x, b_dec!) : x
  return { input, pre: tf.add<tf.Tensor2D>(tf.matMul(input, W_enc as tf.Tensor2D), b_enc!) }
}

export function selectionBatch(run: Run, pre: tf.Tensor2D, gradient: Float32Array | undefined): ReferenceBatch {
  const { b_enc, W_dec } = run.parameters
  const parameters = without(run.parameters, CORE_PARAMETERS)
  return {
    pre,
    W_dec: W_dec as tf.Tensor2D,
    parameters,
    step: run.step,
    state: run.selection,
    density: run.firing[FIRING.density] as tf.Tensor1D,
    ...(gradient && { gradient: tf.tensor2d(gradient, [pre.shape[0], run.spec.d_out]) }),
    b_enc: () => b_enc as tf.Tensor1D,
  }
}

/** Activations by the rule of the last step, in a batch outside training; `pass` moves on. */
export function selectAsTrained(run: Run, batch: ReferenceBatch, pass: EncodingPass | undefined): tf.Tensor2D {
  const { select } = run.spec
  const state = pass?.carried ? toDevice(pass.carried) : run.selection
  const selected = selectionRule(select).reference({ ...batch, state, step: Math.max(0, run.step - 1) }, select)
  if (pass) pass.carried = toHost(selected.state, '')
  return selected.z
}

/** x̂ of codes: with b_dec, and W_skip x where there is one. */
export function reconstruction(
  z: tf.Tensor2D,
  { W_dec, b_dec, W_skip }: Tensors,
  x: tf.Tensor2D | undefined,
): tf.Tensor2D {
  const output = tf.add<tf.Tensor2D>(tf.matMul(z, W_dec as tf.Tensor2D), b_dec!)
  return W_skip && x ? tf.add(output, tf.matMul(x, W_skip as tf.Tensor2D, false, true)) : output
}

export function forward(run: Run, rows: StepInput, n: number): Forward {
  const { spec, parameters } = run
  const x = scaled(rows.x, n, spec.inputScale)
  const target = rows.target ? scaled(rows.target, n, spec.targetScale) : x
  const { input, pre } = preActivations(spec, parameters, x)
  const batch = selectionBatch(run, pre, rows.gradient)
  const { z, state: carried } = selectionRule(spec.select).reference(batch, spec.select)
  const error = tf.sub<tf.Tensor2D>(reconstruction(z, parameters, x), target)
  const l0 = () => tf.sum(tf.step(z)).dataSync<'float32'>()[0]! / n
  const b_dec = parameters['b_dec'] as tf.Tensor1D
  const { W_dec, parameters: further } = batch
  const step = { step: run.step, x, pre, z, target, error, W_dec, b_dec, parameters: further, l0 }
  return { step: { ...step, ...updateFiring(run, z) }, batch, input, carried }
}

/** Counts a batch into the firing of latents, then finds the dead. */
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

export function lossParts({ spec, losses }: Run, step: ReferenceStep): ReferencePart[] {
  return spec.losses.map((loss) => ({
    name: loss.part,
    contribution: lossPart(loss).reference(step, loss, withoutPrefix(losses, `${loss.part}.`)),
  }))
}

/** dW_enc = inputᵀ dpre, db_enc = Σ dpre, db_dec = Σ R − Σ (dpre W_encᵀ). */
export function gradients(
  { spec, parameters }: Run,
  { step, batch, input }: Forward,
  parts: readonly ReferencePart[],
): Tensors {
  const contributions = parts.flatMap(({ contribution }) => contribution ?? [])
  const back = throughSelection(spec, { step, batch }, contributions)
  const named = [...contributions, back].flatMap((from) => Object.entries(from?.parameters ?? {}))
  const of = (name: string, direct: (tf.Tensor | undefined)[] = []) => {
    const terms = [...direct, ...named.filter(([other]) => other === name).map(([, tensor]) => tensor)]
    const present = terms.filter((tensor) => tensor !== undefined)
    return present.length > 0 ? tf.addN(present) : tf.zerosLike(parameters[name]!)
  }
  const pre = tf.addN([back?.pre, ...contributions.map((part) => part.pre)].filter((tensor) => tensor !== undefined))
  const bias = tf.sum(pre, 0)
  const direct = of(
    'b_dec',
    contributions.map((part) => part.b_dec),
  )
  const through = () => tf.matMul(tf.expandDims(bias, 0), parameters['W_enc'] as tf.Tensor2D, false, true)
  const further = Object.keys(batch.parameters).map((name) => [name, of(name)] as const)
  return {
    W_enc: tf.matMul(input, pre, true, false),
    b_enc: of('b_enc', [bias]),
    W_dec: of(
      'W_dec',
      contributions.map((part) => part.W_dec),
    ),
    b_dec: spec.subtractDecoderBias ? tf.sub(direct, tf.reshape(through(), [spec.d_in])) : direct,
    ...Object.fromEntries(further),
  }
}

function throughSelection(
  { select }: EngineSpec,
  { step: { z }, batch }: Pick<Forward, 'step' | 'batch'>,
  contributions: readonly ReferenceContribution[],
) {
  const all = contributions.flatMap((part) => part.z ?? [])
  if (all.length === 0) return undefined
  const dz = all.length === 1 ? all[0]! : tf.addN(all)
  const { backward } = selectionRule(select)
  return backward
    ? backward.reference(batch, z, dz, select)
    : { pre: tf.mul<tf.Tensor2D>(dz, tf.step(z)), parameters: {} }
}

/** Clip, project, Adam (Kingma and Ba 2015, algorithm 1), renormalise. */
export function update(run: Run, all: Tensors, norm: number, learningRate: number): void {
  const { epsilon, gradientClip, unitNormDecoder, rates } = run.spec.optimiser
  const [beta1, beta2] = [Math.fround(run.spec.optimiser.beta1), Math.fround(run.spec.optimiser.beta2)]
  run.step += 1
  const factor = gradientClip !== null && norm > gradientClip ? gradientClip / norm : 1
  const rate = (learningRate * Math.sqrt(1 - beta2 ** run.step)) / (1 - beta1 ** run.step)
  const scaledEpsilon = epsilon * Math.sqrt(1 - beta2 ** run.step)
  for (const [name, value] of Object.entries(run.parameters)) {
    const isUnitRows = name === 'W_dec' && unitNormDecoder
    const clipped = tf.mul(all[name]!, factor)
    const gradient = isUnitRows ? projected(clipped, value) : clipped
    const m = tf.add(run.m[name]!, tf.mul(tf.sub(gradient, run.m[name]!), 1 - beta1))
    const v = tf.add(run.v[name]!, tf.mul(tf.sub(tf.square(gradient), run.v[name]!), 1 - beta2))
    const moved = tf.sub(value, tf.div(tf.mul(m, rate * (rates?.[name] ?? 1)), tf.add(tf.sqrt(v), scaledEpsilon)))
    const next = isUnitRows ? tf.div(moved, tf.sqrt(tf.sum(tf.square(moved), 1, true))) : moved
    replace(run.parameters, name, next)
    replace(run.m, name, m)
    replace(run.v, name, v)
  }
}

function projected(gradient: tf.Tensor, rows: tf.Tensor): tf.Tensor {
  return tf.sub(gradient, tf.mul(rows, tf.sum(tf.mul(gradient, rows), 1, true)))
}
