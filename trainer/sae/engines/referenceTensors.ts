/** Tensors by name, as the reference engine keeps them between steps. */
import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../types'

export type Tensors = Record<string, tf.Tensor>

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
