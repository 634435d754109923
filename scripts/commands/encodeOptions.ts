/** The flags of `loupe encode`. */
import { z } from 'zod'

export const encodeOptions = z.strictObject({
  dictionary: z.string().describe('name of a dictionary'),
  text: z.string().optional().describe('a text; the dictionary’s model runs on it'),
  input: z.string().optional().describe('a safetensors file with the tensor x, [n, d_in] or [n, heads, d_head]'),
  out: z.string().optional().describe('write acts [n, d_sae] and recon [n, d_out] to this safetensors file'),
})
export type EncodeOptions = z.output<typeof encodeOptions>
