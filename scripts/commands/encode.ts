import * as tf from '@tensorflow/tfjs-core'
import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { requireDictionary, requireAttached } from '../../lib/dictionaries/rows'
import { openDictionary } from '../../lib/dictionaries/weights'
import { activationsAt, strongestFeatures, textIds } from '../../trainer/steering/encoding'
import { LoupeError } from '../../trainer/errors'
import { toDense } from '../../trainer/sae/dictionary/codes'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { Codes } from '../../trainer/sae/dictionary/types'
import { encodeSafetensors, openSafetensors } from '../../trainer/tensors/safetensors'
import { defineCommand } from '../cli/command'
import { openModel } from '../cli/models'

export const encode = defineCommand({
  options: z.strictObject({
    dictionary: z.string().describe('name of a dictionary'),
    text: z.string().optional().describe('a text, run through the dictionary’s model'),
    input: z.string().optional().describe('a safetensors file with the tensor x, [n, d_in] or [n, heads, d_head]'),
    out: z.string().optional().describe('write acts [n, d_sae] and recon [n, d_out] to this safetensors file'),
  }),
  async run({ options }, context) {
    if ((options.text === undefined) === (options.input === undefined)) {
      throw new LoupeError('bad-usage', 'give either --text or --input')
    }
    const database = await context.database()
    const row = await requireDictionary(database, options.dictionary)
    await context.backend()
    const dictionary = await openDictionary(database, row)
    let tokens: string[] | undefined
    let x: tf.Tensor
    if (options.input !== undefined) {
      x = await readActivations(options.input)
    } else {
      const { modelId, hook } = requireAttached(row)
      const { loaded } = await openModel(context, modelId)
      const ids = textIds(loaded, options.text!)
      x = activationsAt(loaded, [hook], ids).get(hook)!
      tokens = ids.map((id) => loaded.tokenizer!.tokenText(id))
    }
    const codes = dictionary.encode(x)
    const reconstruction = dictionary.decode(codes, x)
    if (options.out !== undefined) {
      await writeCodes(options.out, dictionary, codes, reconstruction)
      return { out: options.out, n: codes.n, d_sae: codes.d_sae, l0: codes.indices.length / codes.n }
    }
    return { n: codes.n, d_sae: codes.d_sae, l0: codes.indices.length / codes.n, rows: rowsOf(codes, tokens) }
  },
})

async function readActivations(path: string): Promise<tf.Tensor> {
  const file = await openSafetensors(path)
  try {
    const found = file.tensors.get('x')
    if (!found) {
      throw new LoupeError('bad-input', `${path} has no tensor "x" (it has ${[...file.tensors.keys()].join(', ')})`)
    }
    return tf.tensor(await file.read('x'), [...found.shape])
  } finally {
    await file.close()
  }
}

async function writeCodes(path: string, { d_sae, d_out }: Dictionary, codes: Codes, reconstruction: tf.Tensor2D) {
  const recon = { shape: [codes.n, d_out], data: reconstruction.dataSync<'float32'>() }
  await writeFile(path, encodeSafetensors({ acts: { shape: [codes.n, d_sae], data: toDense(codes) }, recon }))
}

function rowsOf(codes: Codes, tokens?: string[]) {
  return strongestFeatures(codes).map((features, row) => (tokens ? { token: tokens[row]!, features } : { features }))
}
