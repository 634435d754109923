/** Latents with a gate and a magnitude. */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainRule, type Activation } from './activation'

const schema = z.strictObject({
  kind: z.literal('gated').describe('One bias decides whether a latent is on, another with a scale how strongly'),
})

/** `(xW + b_gate > 0) · relu(xW · exp(r_mag) + b_mag)`, Rajamanoharan et al. 2024, equations 3 to 6. */
export const gated = {
  name: 'gated',
  schema,
  bind: () => ({
    ...plainRule,
    tensors: ['b_gate', 'b_mag', 'r_mag'],
    select: (pre, tensors) => {
      const open = tf.greater(tf.add(pre, tensors['b_gate']!), 0)
      const magnitude = tf.relu<tf.Tensor2D>(tf.add(tf.mul(pre, tf.exp(tensors['r_mag']!)), tensors['b_mag']!))
      return tf.where(open, magnitude, tf.zerosLike(pre))
    },
  }),
} satisfies Activation<typeof schema>
