/** All positive latents. */
import * as tf from '@tensorflow/tfjs-core'
import type { Handle, RawTensorFlow } from '../../../tensors/raw'
import { selectWhere } from '../../kernels/selected'
import type { Selection } from '../../kernels/selection'
import type { SelectionRule } from './selection'

/** Every positive pre-activation is on; what keeps them few is a loss. */
export interface ReluSelection {
  rule: 'relu'
}

export const relu: SelectionRule<ReluSelection> = {
  name: 'relu',
  needsGradient: false,
  problem: () => undefined,
  state: () => ({}),
  reference: ({ pre }) => ({ z: tf.relu(pre), state: {} }),
  tensorflow: (raw, { pre }) => ({ selection: positive(raw, pre), state: {} }),
  inference: {
    reference: ({ pre }) => tf.relu(pre),
    tensorflow: (raw, { pre }) => positive(raw, pre),
  },
}

function positive(raw: RawTensorFlow, pre: Handle): Selection {
  return raw.tidy(() => {
    const places = selectWhere(raw, raw.run('Greater', [pre, raw.scalar(0)]), pre)
    return { ...places, values: raw.run('Relu', [places.values]) }
  })
}
