/** A selection rule on one matrix of pre-activations, by engine: for tests. */
import * as tf from '@tensorflow/tfjs-core'
import { RawTensorFlow } from '../../../tensors/raw'
import { tidyToHost } from '../../../tensors/tidyToHost'
import { codesOf } from '../../kernels/selected'
import { fromDense, toDense } from '../../dictionary/codes'
import type { NamedTensor } from '../../dictionary/types'
import { selectionRule, type SelectionSpec } from '.'

export interface Case {
  spec: SelectionSpec
  /** `[n, d_sae]` */
  pre: Float32Array
  d_sae: number
  step?: number
  state?: Record<string, NamedTensor>
  parameters?: Record<string, NamedTensor>
  density?: Float32Array
  W_dec?: NamedTensor
  gradient?: NamedTensor
}

export interface Selected {
  /** `[n, d_sae]` */
  z: Float32Array
  state: Record<string, NamedTensor>
}

const identity = (size: number): NamedTensor => ({
  shape: [size, size],
  data: Float32Array.from({ length: size * size }, (_, at) => (Math.floor(at / size) === at % size ? 1 : 0)),
})

function complete(given: Case) {
  const { spec, d_sae } = given
  const rule = selectionRule(spec)
  return {
    step: 0,
    density: new Float32Array(d_sae),
    W_dec: identity(d_sae),
    rule,
    n: given.pre.length / d_sae,
    ...given,
    state: given.state ?? rule.state(spec, d_sae),
    parameters: given.parameters ?? rule.parameters?.(spec, d_sae) ?? {},
    b_enc: { shape: [d_sae], data: new Float32Array(d_sae) },
  }
}

function onReference(given: Case): Selected {
  const { rule, spec, n, d_sae, pre, W_dec, gradient, density, state, parameters, b_enc, step } = complete(given)
  return tidyToHost(() => {
    const tensor = ({ shape, data }: NamedTensor) => tf.tensor(data, shape)
    const batch = {
      pre: tf.tensor2d(pre, [n, d_sae]),
      W_dec: tensor(W_dec) as tf.Tensor2D,
      step,
      density: tf.tensor1d(density),
      ...(gradient && { gradient: tensor(gradient) as tf.Tensor2D }),
      state: Object.fromEntries(Object.entries(state).map(([name, own]) => [name, tensor(own)])),
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, own]) => [name, tensor(own)])),
      b_enc: () => tensor(b_enc) as tf.Tensor1D,
    }
    const selected = rule.reference(batch, spec)
    const host = (own: tf.Tensor) => ({ shape: own.shape, data: own.dataSync<'float32'>().slice() })
    return {
      z: host(selected.z).data,
      state: Object.fromEntries(Object.entries(selected.state).map(([name, own]) => [name, host(own)])),
    }
  })
}

function onTensorflow(given: Case): Selected {
  const { rule, spec, n, d_sae, pre, W_dec, gradient, density, state, parameters, b_enc, step } = complete(given)
  const raw = new RawTensorFlow()
  const result = raw.tidy(() => {
    const handle = ({ shape, data }: NamedTensor) => raw.floats(data, shape)
    const batch = {
      pre: raw.floats(pre, [n, d_sae]),
      W_dec: handle(W_dec),
      step,
      density: raw.floats(density, [d_sae]),
      ...(gradient && { gradient: handle(gradient) }),
      state: Object.fromEntries(Object.entries(state).map(([name, own]) => [name, handle(own)])),
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, own]) => [name, handle(own)])),
      b_enc: () => handle(b_enc),
    }
    const { selection, state: next } = rule.tensorflow(raw, batch, spec)
    const codes = codesOf(raw, selection)
    const host = Object.entries(next).map(([name, own]) => [
      name,
      { shape: [...own.shape], data: raw.read(own).slice() },
    ])
    return { z: toDense(codes), state: Object.fromEntries(host) as Record<string, NamedTensor> }
  })
  if (raw.live !== 0) throw new Error(`${raw.live} handles are left`)
  return result
}

export const SELECTORS: [string, (given: Case) => Selected][] = [
  ['reference', onReference],
  ['tensorflow', onTensorflow],
]

/** Columns that are on, row by row. */
export function columnsOn(z: Float32Array, d_sae: number): number[][] {
  const { n, offsets, indices } = fromDense(z, z.length / d_sae, d_sae)
  return Array.from({ length: n }, (_, row) => [...indices.subarray(offsets[row], offsets[row + 1])])
}

export const totalOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0)
export const countOf = (values: Float32Array) => values.filter((value) => value > 0).length
