/** A selection rule on one matrix of pre-activations, by engine: for tests. */
import * as tf from '@tensorflow/tfjs-core'
import { RawTensorFlow } from '../../../tensors/raw'
import { tidyToHost } from '../../../tensors/tidyToHost'
import { codesOf } from '../../kernels/selected'
import { fromDense, toDense } from '../../codes/codes'
import type { NamedTensor } from '../../../tensors/arrays'
import { selectionRule, type SelectionSpec } from '..'

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

function complete(partial: Case) {
  const { spec, d_sae } = partial
  const rule = selectionRule(spec)
  return {
    step: 0,
    density: new Float32Array(d_sae),
    W_dec: identity(d_sae),
    rule,
    n: partial.pre.length / d_sae,
    ...partial,
    state: partial.state ?? rule.state(spec, d_sae),
    parameters: partial.parameters ?? rule.parameters?.(spec, d_sae) ?? {},
    b_enc: { shape: [d_sae], data: new Float32Array(d_sae) },
  }
}

function onReference(partial: Case): Selected {
  const { rule, spec, n, d_sae, pre, W_dec, gradient, density, state, parameters, b_enc, step } = complete(partial)
  return tidyToHost(() => {
    const tensor = ({ shape, data }: NamedTensor) => tf.tensor(data, shape)
    const batch = {
      pre: tf.tensor2d(pre, [n, d_sae]),
      W_dec: tensor(W_dec) as tf.Tensor2D,
      step,
      density: tf.tensor1d(density),
      ...(gradient && { gradient: tensor(gradient) as tf.Tensor2D }),
      state: Object.fromEntries(Object.entries(state).map(([name, value]) => [name, tensor(value)])),
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, tensor(value)])),
      b_enc: () => tensor(b_enc) as tf.Tensor1D,
    }
    const selected = rule.reference(batch, spec)
    const host = (value: tf.Tensor) => ({ shape: value.shape, data: value.dataSync<'float32'>().slice() })
    return {
      z: host(selected.z).data,
      state: Object.fromEntries(Object.entries(selected.state).map(([name, value]) => [name, host(value)])),
    }
  })
}

function onTensorflow(partial: Case): Selected {
  const { rule, spec, n, d_sae, pre, W_dec, gradient, density, state, parameters, b_enc, step } = complete(partial)
  const raw = new RawTensorFlow()
  const result = raw.tidy(() => {
    const handle = ({ shape, data }: NamedTensor) => raw.floats(data, shape)
    const batch = {
      pre: raw.floats(pre, [n, d_sae]),
      W_dec: handle(W_dec),
      step,
      density: raw.floats(density, [d_sae]),
      ...(gradient && { gradient: handle(gradient) }),
      state: Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, handle(tensor)])),
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, handle(tensor)])),
      b_enc: () => handle(b_enc),
    }
    const { selection, state: next } = rule.tensorflow(raw, batch, spec)
    const codes = codesOf(raw, selection)
    const host = Object.entries(next).map(([name, tensor]) => [
      name,
      { shape: [...tensor.shape], data: raw.read(tensor).slice() },
    ])
    return { z: toDense(codes), state: Object.fromEntries(host) as Record<string, NamedTensor> }
  })
  if (raw.live !== 0) throw new Error(`${raw.live} handles are left`)
  return result
}

export const SELECTORS: [string, (partial: Case) => Selected][] = [
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
