/** The attention-output dictionaries of Kissane et al.: weights in a `.pt`, and `<name>_cfg.json` next to it. */
import { extname, join } from 'node:path'
import { z } from 'zod'
import type { Dictionary } from '../sae/dictionary/dictionary'
import { parseDictionaryConfig, parseWith } from '../sae/dictionary/config'
import { openWeights, WEIGHTS_EXTENSIONS } from './containers/weights'
import { encodeTorch } from './containers/write'
import { readJson, writeFolder } from './folder'
import type { DictionaryFormat, DictionaryMetadata, DictionaryLocation, ImportedDictionary } from './format'
import { countOrNull, knownMetadata, textOrNull } from './metadata'
import { requirePlain, unfit, withInputBias } from './refit'
import { readTensors, type Layout } from './tensors'

const CONFIG_END = '_cfg.json'

const AttentionConfig = z.looseObject({
  act_size: z.int().positive().describe('Width of the input: heads × d_head'),
  dict_size: z.int().positive().describe('Number of latents'),
  site: z.string().optional().describe('Where in the block it reads: z'),
  layer: z.int().nonnegative().optional().describe('Number of the block'),
  act_name: z.string().optional().describe('The whole name of the hook'),
})
type AttentionConfig = z.output<typeof AttentionConfig>

const LAYOUT: Layout = {
  W_enc: { name: 'W_enc' },
  b_enc: { name: 'b_enc' },
  W_dec: { name: 'W_dec' },
  b_dec: { name: 'b_dec' },
}

export const attentionSaes: DictionaryFormat = {
  name: 'attention-saes',
  description: 'an attention-output dictionary of Kissane et al.',
  holds: `NAME.pt or NAME.safetensors with NAME${CONFIG_END}`,
  find(names, wanted) {
    const pairs = names
      .filter((name) => WEIGHTS_EXTENSIONS.includes(extname(name)))
      .map((weights) => ({ weights, config: weights.slice(0, -extname(weights).length) + CONFIG_END }))
      .filter(({ config }) => names.includes(config))
    return wanted === undefined ? only(pairs) : pairs.find(({ weights }) => weights === wanted)
  },
  import: importAttention,
  export: exportAttention,
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined
}

async function importAttention({ dir, files }: DictionaryLocation): Promise<ImportedDictionary> {
  const source = files.config!
  const cfg = parseWith(AttentionConfig, await readJson(join(dir, source)), source)
  const hook = hookOf(cfg)
  const config = parseDictionaryConfig(
    {
      architecture: 'relu',
      d_in: cfg.act_size,
      d_sae: cfg.dict_size,
      activation: { kind: 'relu' },
      apply_b_dec_to_input: true,
      reshape_activations: hook?.endsWith('hook_z') ? 'hook_z' : 'none',
    },
    source,
  )
  const file = await openWeights(join(dir, files.weights), files.weights)
  try {
    const tensors = await readTensors(file, config, LAYOUT, files.weights)
    return { config, tensors, metadata: metadataOf(cfg, hook), warnings: [] }
  } finally {
    await file.close()
  }
}

function hookOf({ act_name, layer, site }: AttentionConfig): string | null {
  if (act_name !== undefined) return act_name
  return layer !== undefined && site === 'z' ? `blocks.${layer}.attn.hook_z` : null
}

function metadataOf(cfg: AttentionConfig, hook: string | null): DictionaryMetadata {
  const { model_name, seq_len, ...extra } = cfg
  return knownMetadata({
    model_name: textOrNull(model_name),
    hook_name: hook,
    context_size: countOrNull(seq_len),
    extra,
  })
}

/** @throws LoupeError for all but ReLU autoencoders without normalisation of their inputs */
async function exportAttention(
  dictionary: Dictionary,
  metadata: Partial<DictionaryMetadata>,
  dir: string,
): Promise<string[]> {
  const { activation, d_in, d_sae } = dictionary.config
  requirePlain(dictionary, 'the layout of attention-saes')
  if (activation.kind !== 'relu') {
    throw unfit('the layout of attention-saes', `supports only ReLU, the dictionary is ${activation.kind}`)
  }
  const hook = metadata.hook_name ?? null
  const [, layer] = /^blocks\.(\d+)\./.exec(hook ?? '') ?? []
  const isZ = hook?.endsWith('hook_z') ?? false
  const cfg = {
    model_name: metadata.model_name ?? null,
    act_size: d_in,
    dict_size: d_sae,
    seq_len: metadata.context_size,
    ...(hook !== null && { act_name: hook }),
    ...(layer !== undefined && { layer: Number(layer) }),
    ...(isZ && { site: 'z', head: 'cat', concat_heads: true }),
    enc_dtype: 'fp32',
    device: 'cpu',
  }
  const { W_enc, b_enc, W_dec, b_dec } = withInputBias(dictionary, true).tensors
  const files = {
    'sae.pt': encodeTorch({ W_enc: W_enc!, W_dec: W_dec!, b_enc: b_enc!, b_dec: b_dec! }),
    [`sae${CONFIG_END}`]: JSON.stringify(cfg, null, 2) + '\n',
  }
  await writeFolder(dir, files)
  return Object.keys(files)
}
