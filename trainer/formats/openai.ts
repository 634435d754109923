/** OpenAI's sparse_autoencoder: one `.pt` whose state dict also names the activation. */
import { extname, join } from 'node:path'
import { z } from 'zod'
import { LoupeError } from '../errors'
import type { Dictionary } from '../sae/dictionary/dictionary'
import { parseDictionaryConfig, parseWith, type DictionaryConfigInput } from '../sae/dictionary/config'
import { transpose } from '../tensors/order'
import { openWeights, type WeightsFile } from './containers/weights'
import { encodeTorch, type WrittenValue } from './containers/write'
import { writeFolder } from './folder'
import type { DictionaryFormat, DictionaryMetadata, DictionaryLocation, ImportedDictionary } from './format'
import { knownMetadata } from './metadata'
import { requirePlain, unfit, withFoldedNorms, withInputBias } from './refit'
import { matrixShape, readTensors, type Layout } from './tensors'

const WEIGHTS = 'autoencoder.pt'

const LAYOUT: Layout = {
  W_enc: { name: 'encoder.weight', transposed: true },
  b_enc: { name: 'latent_bias' },
  W_dec: { name: 'decoder.weight', transposed: true },
  b_dec: { name: 'pre_bias' },
}
/** Counts of the training, which an import ignores. */
const STATISTICS = ['stats_last_nonzero', 'latents_activation_frequency', 'latents_mean_square']

const TopkState = z.object({
  k: z.int().positive().describe('Active latents'),
  postact_fn: z.string().describe('The function applied to the k largest'),
})

export const openai: DictionaryFormat = {
  name: 'openai',
  description: 'a .pt of OpenAI’s sparse_autoencoder',
  holds: 'one .pt file',
  find(names, wanted) {
    const files = names.filter((name) => extname(name) === '.pt')
    const weights = wanted ?? (files.length === 1 ? files[0] : undefined)
    return weights !== undefined && files.includes(weights) ? { weights } : undefined
  },
  import: importOpenai,
  export: exportOpenai,
}

async function importOpenai({ dir, files }: DictionaryLocation): Promise<ImportedDictionary> {
  const source = files.weights
  const file = await openWeights(join(dir, source), source)
  try {
    const [d_sae, d_in] = matrixShape(file, 'encoder.weight', source)
    const config = parseDictionaryConfig(
      { d_in, d_sae, apply_b_dec_to_input: true, ...activationOf(file, source) },
      source,
    )
    const tensors = await readTensors(file, config, LAYOUT, source, STATISTICS)
    return { config, tensors, metadata: knownMetadata({}), warnings: [] }
  } finally {
    await file.close()
  }
}

/** The activation, and the normalisation that follows from it in their code: TopK normalises the input, ReLU does not. */
function activationOf(
  { values }: WeightsFile,
  source: string,
): Pick<DictionaryConfigInput, 'architecture' | 'activation' | 'normalize_activations'> {
  const name = values.get('activation') ?? 'ReLU'
  if (name === 'ReLU') return { architecture: 'relu', activation: { kind: 'relu' } }
  if (name !== 'TopK') {
    throw new LoupeError('unsupported', `${source}: the activation is ${shown(name)}`, {
      remedy: 'ReLU and TopK are supported',
    })
  }
  const state = values.get('activation_state_dict')
  const { k, postact_fn } = parseWith(TopkState, state instanceof Map ? Object.fromEntries(state) : state, source)
  if (postact_fn !== 'ReLU') {
    throw new LoupeError(
      'unsupported',
      `${source}: the k largest go through ${postact_fn}, so that codes may be negative`,
      {
        remedy: 'ReLU is supported',
      },
    )
  }
  return { architecture: 'topk', activation: { kind: 'topk', k }, normalize_activations: 'layer_norm' }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 40) : typeof value
}

/** @throws LoupeError for all but ReLU, and TopK after a LayerNorm: in this layout one follows from the other */
async function exportOpenai(
  dictionary: Dictionary,
  _metadata: Partial<DictionaryMetadata>,
  dir: string,
): Promise<string[]> {
  const { activation, normalize_activations, d_in, d_sae } = dictionary.config
  requirePlain(dictionary, 'the layout of OpenAI', { layerNorm: true })
  if (activation.kind !== 'topk' && activation.kind !== 'relu') {
    throw unfit('the layout of OpenAI', `supports ReLU and TopK, the dictionary is ${activation.kind}`)
  }
  if ((activation.kind === 'topk') !== (normalize_activations === 'layer_norm')) {
    throw unfit(
      'the layout of OpenAI',
      'normalises inputs if and only if the activation is TopK, unlike this dictionary',
    )
  }
  const { W_enc, b_enc, W_dec, b_dec } = withInputBias(withFoldedNorms(dictionary), true).tensors
  const state: Record<string, WrittenValue> = {
    pre_bias: b_dec!,
    latent_bias: b_enc!,
    // Their loader requires these; a dictionary from elsewhere has no counts.
    stats_last_nonzero: { shape: [d_sae], data: new BigInt64Array(d_sae) },
    latents_activation_frequency: { shape: [d_sae], data: new Float32Array(d_sae).fill(1) },
    latents_mean_square: { shape: [d_sae], data: new Float32Array(d_sae) },
    'encoder.weight': { shape: [d_sae, d_in], data: transpose(W_enc!.data, d_in, d_sae) },
    'decoder.weight': { shape: [d_in, d_sae], data: transpose(W_dec!.data, d_sae, d_in) },
    activation: activation.kind === 'topk' ? 'TopK' : 'ReLU',
    ...(activation.kind === 'topk' && { activation_state_dict: { k: activation.k, postact_fn: 'ReLU' } }),
  }
  await writeFolder(dir, { [WEIGHTS]: encodeTorch(state) })
  return [WEIGHTS]
}
