/** The work of `loupe encode`: encodes a text or activations with a dictionary. */
import * as tf from '@tensorflow/tfjs-core'
import { writeFile } from 'node:fs/promises'
import { requireDictionary, requireAttached } from '../../lib/dictionaries/rows'
import { openDictionary } from '../../lib/dictionaries/weights'
import { activationsAt, strongestFeatures, textIds } from '../../trainer/steering/encoding'
import { LoupeError } from '../../trainer/errors'
import { toDense, type Codes } from '../../trainer/sae/codes/codes'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { encodeSafetensors, openSafetensors } from '../../trainer/tensors/safetensors'
import type { Context } from '../cli/context'
import { openModel } from '../cli/models'
import type { EncodeOptions } from './encodeOptions'

export async function runEncode(options: EncodeOptions, context: Context) {
  if ((options.text === undefined) === (options.input === undefined)) {
    throw new LoupeError('bad-usage', 'either --text or --input is needed')
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
}

async function readActivations(path: string): Promise<tf.Tensor> {
  const file = await openSafetensors(path)
  try {
    const entry = file.tensors.get('x')
    if (!entry) {
      throw new LoupeError('bad-input', `${path} has no tensor "x" (it has ${[...file.tensors.keys()].join(', ')})`)
    }
    return tf.tensor(await file.read('x'), [...entry.shape])
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
