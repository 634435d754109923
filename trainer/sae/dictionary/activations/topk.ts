/** The k largest latents. */
import { z } from 'zod'
import { plainRule, type Activation } from './activation'
import { selectTopK } from './selectTopK'

const schema = z.strictObject({
  kind: z.literal('topk').describe('The k largest pre-activations of a token are on, where they are positive'),
  k: z.int().positive().describe('How many latents a token may have'),
  rescale_acts_by_decoder_norm: z
    .boolean()
    .default(false)
    .describe('Rank and report pre-activations times the norm of their decoder row, as if the rows had norm 1'),
})

/** Gao et al. 2024, equation 1: select first, rectify after. */
export const topk = {
  name: 'topk',
  schema,
  bind: ({ k, rescale_acts_by_decoder_norm }) => ({
    ...plainRule,
    tensors: ['b_enc'],
    rescalesByDecoderNorm: rescale_acts_by_decoder_norm,
    problem: (d_sae) => (k > d_sae ? `k is ${k}, but there are only ${d_sae} latents` : undefined),
    select: (pre) => selectTopK(pre, k),
  }),
} satisfies Activation<typeof schema>
