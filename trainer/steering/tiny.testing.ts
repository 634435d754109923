/** A tiny model and dictionary for tests of steering. */
import { loadModel } from '../model/load/loadModel'
import type { LoadedModel, LoupeTokenizer } from '../model/types'
import { Dictionary } from '../sae/dictionary/dictionary'
import { createRandom } from '../tensors/random'
import { sizeOf } from '../tensors/arrays'

/** One character a token. */
const characters: LoupeTokenizer = {
  encode: (text) => [...text].map((character) => character.charCodeAt(0)),
  decode: (ids) => String.fromCharCode(...ids),
  tokenText: (id) => String.fromCharCode(id),
  applyChatTemplate: (messages) => messages.map(({ role, content }) => `${role}: ${content}\n`).join(''),
  vocabularySize: 257,
  specialIds: {},
  hash: 'characters',
}

/** The golden model of a family, three layers and 32 dimensions, with a tokenizer of one character a token. */
export async function tinyModel(family: 'llama' | 'gpt2'): Promise<LoadedModel & { tokenizer: LoupeTokenizer }> {
  return { ...(await loadModel(`test/golden/model/tiny/${family}`)), tokenizer: characters }
}

export const tinyLlama = () => tinyModel('llama')

/** Random directions of length 1 over 32 dimensions; eight of 64 latents are active. */
export function tinyDictionary(): Dictionary {
  const [d_in, d_sae] = [32, 64]
  const random = createRandom('tiny dictionary')
  const normal = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  })
  const W_dec = normal(d_sae, d_in)
  for (let f = 0; f < d_sae; f++) {
    const row = W_dec.data.subarray(f * d_in, (f + 1) * d_in)
    const norm = Math.hypot(...row)
    row.forEach((value, i) => (row[i] = value / norm))
  }
  return Dictionary.create(
    { architecture: 'topk', d_in, d_sae, activation: { kind: 'topk', k: 8 }, apply_b_dec_to_input: true },
    { W_enc: normal(d_in, d_sae), W_dec, b_enc: normal(d_sae), b_dec: normal(d_in) },
  )
}
