/** Latents above a threshold. */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainRule, type Activation } from './activation'

const schema = z.strictObject({
  kind: z.literal('jumprelu').describe('A latent is on, with its full value, above its own threshold'),
})

/** `relu(pre) · (pre > threshold)`, Rajamanoharan et al. 2024; a negative threshold therefore acts as zero. */
export const jumprelu = {
  name: 'jumprelu',
  schema,
  bind: () => ({
    ...plainRule,
    tensors: ['b_enc', 'threshold'],
    select: (pre, tensors) => tf.where(tf.greater(pre, tensors['threshold']!), tf.relu(pre), tf.zerosLike(pre)),
  }),
} satisfies Activation<typeof schema>
