/** Gemma Scope: JumpReLU dictionaries, each in one `params.npz`. */
import { extname, join, resolve } from 'node:path'
import type { Dictionary } from '../sae/dictionary/dictionary'
import { parseDictionaryConfig } from '../sae/dictionary/config'
import { openWeights } from './containers/weights'
import { encodeNpz } from './containers/write'
import { writeFolder } from './folder'
import type { DictionaryFormat, DictionaryMetadata, DictionaryLocation, ImportedDictionary } from './format'
import { knownMetadata } from './metadata'
import { asJumpRelu, requirePlain, unfit, withInputBias } from './refit'
import { matrixShape, readTensors, type Layout } from './tensors'

const WEIGHTS = 'params.npz'

const LAYOUT: Layout = {
  W_enc: { name: 'W_enc' },
  b_enc: { name: 'b_enc' },
  W_dec: { name: 'W_dec' },
  b_dec: { name: 'b_dec' },
  threshold: { name: 'threshold' },
}

const HOOKS: Readonly<Record<string, string>> = { res: 'hook_resid_post', mlp: 'hook_mlp_out', att: 'attn.hook_z' }

export const gemmaScope: DictionaryFormat = {
  name: 'gemma-scope',
  description: 'a folder of Gemma Scope',
  holds: WEIGHTS,
  find(names, wanted) {
    const files = names.filter((name) => extname(name) === '.npz')
    const weights = wanted ?? (files.length === 1 ? files[0] : WEIGHTS)
    return weights !== undefined && files.includes(weights) ? { weights } : undefined
  },
  import: importGemmaScope,
  export: exportGemmaScope,
}

async function importGemmaScope({ dir, files }: DictionaryLocation): Promise<ImportedDictionary> {
  const source = files.weights
  const file = await openWeights(join(dir, source), source)
  try {
    const { transcoder, ...known } = metadataOfFolder(resolve(dir))
    const [d_in, d_sae] = matrixShape(file, 'W_enc', source)
    const [, d_out] = matrixShape(file, 'W_dec', source)
    const config = parseDictionaryConfig(
      {
        architecture: 'jumprelu',
        d_in,
        d_sae,
        activation: { kind: 'jumprelu' },
        apply_b_dec_to_input: false,
        ...((transcoder || d_out !== d_in) && { d_out }),
        ...(known.hook_name?.endsWith('hook_z') && { reshape_activations: 'hook_z' }),
      },
      source,
    )
    const tensors = await readTensors(file, config, LAYOUT, source)
    return { config, tensors, metadata: knownMetadata(known), warnings: [] }
  } finally {
    await file.close()
  }
}

/**
 * What the names of folders say: `…gemma-scope-2b-pt-res…/layer_20/width_16k/average_l0_71` is the residual stream of
 * gemma-2-2b after block 20.
 */
function metadataOfFolder(dir: string): Partial<DictionaryMetadata> & { transcoder: boolean } {
  const [, size, kind, site = ''] = /gemma-scope-(\d+b)-(pt|it)-([a-z]+)/.exec(dir) ?? []
  const [, layer] = /layer_(\d+)/.exec(dir) ?? []
  const transcoder = site === 'transcoders'
  const hook = layer !== undefined && Object.hasOwn(HOOKS, site) ? `blocks.${layer}.${HOOKS[site]}` : null
  return {
    transcoder,
    model_name: size === undefined ? null : `gemma-2-${size}${kind === 'it' ? '-it' : ''}`,
    hook_name: hook,
    ...(transcoder && layer !== undefined && { hook_name_out: `blocks.${layer}.hook_mlp_out` }),
  }
}

/** @throws LoupeError for all but JumpReLU and ReLU dictionaries without normalisation of their inputs */
async function exportGemmaScope(
  dictionary: Dictionary,
  _metadata: Partial<DictionaryMetadata>,
  dir: string,
): Promise<string[]> {
  const { kind } = dictionary.config.activation
  requirePlain(dictionary, 'the layout of Gemma Scope')
  if (kind !== 'jumprelu' && kind !== 'relu') {
    throw unfit('the layout of Gemma Scope', `supports only JumpReLU, the dictionary is ${kind}`)
  }
  const { tensors } = asJumpRelu(withInputBias(dictionary, false))
  await writeFolder(dir, { [WEIGHTS]: encodeNpz(tensors) })
  return [WEIGHTS]
}
