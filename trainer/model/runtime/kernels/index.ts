/** The kernels of the backend in use. */
import * as tf from '@tensorflow/tfjs-core'
import { plainKernels, type KernelSizes, type ModelKernels } from './plain'
import { tensorflowKernels } from './tensorflow'

export type { ModelKernels } from './plain'

/** The model that they are made for disposes them. */
export function modelKernels(sizes: KernelSizes): ModelKernels {
  return tf.getBackend() === 'tensorflow' ? tensorflowKernels(sizes) : plainKernels(sizes)
}
