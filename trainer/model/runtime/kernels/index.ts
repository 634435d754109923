import * as tf from '@tensorflow/tfjs-core'
import { plainKernels, type KernelSizes, type ModelKernels } from './plain'
import { tensorflowKernels } from './tensorflow'

export type { ModelKernels } from './plain'

/** The kernels for the backend in use; they belong to the model that asks. */
export function modelKernels(sizes: KernelSizes): ModelKernels {
  return tf.getBackend() === 'tensorflow' ? tensorflowKernels(sizes) : plainKernels(sizes)
}
