/** All positive latents. */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainRule, type Activation } from './activation'

const schema = z.strictObject({ kind: z.literal('relu').describe('Every positive pre-activation is on') })

export const relu = {
  name: 'relu',
  schema,
  bind: () => ({ ...plainRule, tensors: ['b_enc'], select: (pre) => tf.relu(pre) }),
} satisfies Activation<typeof schema>
