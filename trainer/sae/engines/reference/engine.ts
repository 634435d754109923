/**
 * The training step in plain tfjs ops, dense, on any backend: the reference for the other engines, and the engine of
 * machines without TensorFlow.
 */
import * as tf from '@tensorflow/tfjs-core'
import { currentBackend } from '../../../tensors/backend'
import { tidyToHost } from '../../../tensors/tidyToHost'
import { fromDense, toDense } from '../../codes/codes'
import { selectionRule } from '../../step'
import type { StepMetrics, TrainEngine } from '../../step/spec'
import { diverged } from '../shared/checks'
import { carriedByLosses, lossFigures } from '../shared/losses'
import { medianThreshold } from '../shared/medianThreshold'
import { Engine, type Computation } from '../shared/shell'
import {
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
  type ReferencePart,
} from './step'
import { createRun, disposeRun, loadState, replace, scalarsOf, stateOf, toHost, type Run } from './tensors'

export function createReferenceEngine(): TrainEngine {
  const { device, fingerprint } = currentBackend()
  const info = { name: 'reference', device, dtype: 'float32', fingerprint: `reference on ${fingerprint}` } as const
  return new Engine(info, computation)
}

const computation: Computation<Run> = {
  create: createRun,
  dispose: disposeRun,
  params: ({ parameters }) => toHost(parameters, ''),
  state: stateOf,
  load: loadState,

  step: (run, input, n, { learningRate, readMetrics }) =>
    tidyToHost(() => {
      const passed = forward(run, input, n)
      const parts = lossParts(run, passed.step)
      const all = gradients(run, passed, parts)
      const norm = Math.sqrt(Object.values(all).reduce((sum, gradient) => sum + squaredNorm(gradient), 0))
      if (!Number.isFinite(norm)) throw diverged(norm)
      for (const [name, next] of Object.entries(passed.carried)) replace(run.selection, name, next)
      for (const [name, next] of Object.entries(carriedByLosses<tf.Tensor>(parts))) replace(run.losses, name, next)
      const metrics = readMetrics ? metricsOf(run, passed, parts, norm) : null
      update(run, all, norm, learningRate)
      return metrics
    }),

  encode: (run, x, n, { by, pass, gradient }) =>
    tidyToHost(() => {
      const { spec, parameters } = run
      const { pre } = preActivations(spec, parameters, scaled(x, n, spec.inputScale))
      const batch = selectionBatch(run, pre, gradient)
      const z =
        by === 'training'
          ? selectAsTrained(run, batch, pass)
          : selectionRule(spec.select).inference.reference(batch, spec.select)
      return fromDense(z.dataSync<'float32'>(), n, spec.d_sae)
    }),

  decode: ({ spec, parameters }, codes, x) =>
    tidyToHost(() => {
      const z = tf.tensor2d(toDense(codes), [codes.n, codes.d_sae])
      const output = reconstruction(z, parameters, x && scaled(x, codes.n, spec.inputScale))
      return tf.div(output, spec.targetScale).dataSync<'float32'>()
    }),
}

function metricsOf(
  { spec }: Run,
  { step, carried }: Forward,
  parts: readonly ReferencePart[],
  gradientNorm: number,
): StepMetrics {
  const { error, target, deadCount, density, dead } = step
  const firing = () => ({ density: density.dataSync<'float32'>(), isDead: dead.dataSync<'float32'>() })
  const values = Object.fromEntries(
    parts.map(({ name, contribution }) => [name, contribution?.value.dataSync<'float32'>()[0] ?? 0]),
  )
  return {
    loss: Object.values(values).reduce((sum, value) => sum + value, 0),
    parts: values,
    l0: step.l0(),
    explainedVariance: 1 - squaredNorm(error) / squaredNorm(tf.sub(target, tf.mean(target, 0))),
    deadLatents: deadCount,
    ...lossFigures(spec.losses, firing),
    gradientNorm,
    selection: {
      ...scalarsOf(carried),
      ...medianThreshold({ ...step.parameters, ...carried }, (tensor) => tensor.dataSync<'float32'>()),
    },
    losses: scalarsOf(carriedByLosses(parts)),
  }
}

function squaredNorm(tensor: tf.Tensor): number {
  return tf.sum(tf.square(tensor)).dataSync<'float32'>()[0]!
}
