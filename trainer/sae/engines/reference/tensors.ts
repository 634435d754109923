/** What the reference engine keeps between steps, and how it is created, saved, loaded and disposed. */
import * as tf from '@tensorflow/tfjs-core'
import type { EngineSpec, EngineState, Parameters } from '../../step/spec'
import type { NamedTensor } from '../../../tensors/arrays'
import {
  FIRING,
  LOSS_PREFIX,
  lossState,
  parameterShapes,
  SELECTION_PREFIX,
  selectionState,
  STATE_PREFIXES,
  withoutPrefix,
} from '../../step/state'

export type Tensors = Record<string, tf.Tensor>

export interface Run {
  spec: EngineSpec
  /** Under public names and shapes, as are the moments. */
  parameters: Tensors
  m: Tensors
  v: Tensors
  /** `[d_sae]` each: tokens since a latent fired, saturating at `deadAfterTokens`, and its density. */
  firing: Tensors
  /** What the selection rule carries. */
  selection: Tensors
  /** What the loss parts carry, by `part.name`. */
  losses: Tensors
  step: number
}

export function createRun(spec: EngineSpec, parameters: Parameters): Run {
  const shapes = parameterShapes(spec)
  const zeros = () => Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.zeros(shape)]))
  return {
    spec,
    parameters: toDevice(parameters, Object.keys(shapes)),
    m: zeros(),
    v: zeros(),
    firing: Object.fromEntries(Object.values(FIRING).map((name) => [name, tf.zeros([spec.d_sae])])),
    selection: toDevice(selectionState(spec)),
    losses: toDevice(lossState(spec)),
    step: 0,
  }
}

export function disposeRun({ parameters, m, v, firing, selection, losses }: Run): void {
  for (const group of [parameters, m, v, firing, selection, losses]) tf.dispose(group)
}

export function stateOf({ parameters, m, v, firing, selection, losses, step }: Run): EngineState {
  const tensors = {
    ...toHost(parameters, STATE_PREFIXES.parameters),
    ...toHost(m, STATE_PREFIXES.m),
    ...toHost(v, STATE_PREFIXES.v),
    ...toHost(firing, ''),
    ...toHost(selection, SELECTION_PREFIX),
    ...toHost(losses, LOSS_PREFIX),
  }
  return { step, tensors }
}

/** @param state as `checkState` wants it */
export function loadState(run: Run, { step, tensors }: EngineState): void {
  disposeRun(run)
  const names = Object.keys(parameterShapes(run.spec))
  const group = (prefix: string) => toDevice(withoutPrefix(tensors, prefix), names)
  const carried = (prefix: string, names: Tensors) => toDevice(withoutPrefix(tensors, prefix), Object.keys(names))
  run.parameters = group(STATE_PREFIXES.parameters)
  run.m = group(STATE_PREFIXES.m)
  run.v = group(STATE_PREFIXES.v)
  run.firing = toDevice(tensors, Object.values(FIRING))
  run.selection = carried(SELECTION_PREFIX, run.selection)
  run.losses = carried(LOSS_PREFIX, run.losses)
  run.step = step
}

/** Puts a tensor that outlives the step in the place of the old one. */
export function replace(holder: Tensors, name: string, next: tf.Tensor): void {
  const old = holder[name]!
  if (old === next) return
  holder[name] = tf.keep(next)
  old.dispose()
}

export function toDevice(tensors: Readonly<Record<string, NamedTensor>>, names = Object.keys(tensors)): Tensors {
  const entries = names.map((name): [string, tf.Tensor] => {
    const { shape, data } = tensors[name]!
    return [name, tf.tensor(data.slice(), shape)]
  })
  return Object.fromEntries(entries)
}

export function toHost(tensors: Tensors, prefix: string): Record<string, NamedTensor> {
  const entries = Object.entries(tensors).map(([name, tensor]): [string, NamedTensor] => [
    prefix + name,
    { shape: tensor.shape, data: tensor.dataSync<'float32'>().slice() },
  ])
  return Object.fromEntries(entries)
}

/** Those that are a single number. */
export function scalarsOf(tensors: Tensors): Record<string, number> {
  const scalars = Object.entries(tensors).filter(([, { shape }]) => shape.length === 0)
  return Object.fromEntries(scalars.map(([name, tensor]) => [name, tensor.dataSync<'float32'>()[0]!]))
}
