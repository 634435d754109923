/** EleutherAI's sparsify: TopK autoencoders and (skip) transcoders, one folder for each place in a model. */
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { LoupeError } from '../errors'
import type { Dictionary } from '../sae/dictionary/dictionary'
import { outputWidth, parseDictionaryConfig, parseWith, type DictionaryConfig } from '../sae/dictionary/config'
import { encodeSafetensors } from '../tensors/safetensors'
import { transpose } from '../tensors/order'
import { openWeights } from './containers/weights'
import { readJson, writeFolder } from './folder'
import type { DictionaryFormat, DictionaryMetadata, DictionaryLocation, ImportedDictionary } from './format'
import { knownMetadata } from './metadata'
import { requirePlain, unfit, withFoldedNorms, withInputBias } from './refit'
import { hookOfModule } from './sites'
import { readTensors, type Layout } from './tensors'

const CONFIG = 'cfg.json'
const WEIGHTS = 'sae.safetensors'

const SparsifyConfig = z.object({
  d_in: z.int().positive().describe('Width of the input, and of the output'),
  num_latents: z.int().nonnegative().default(0).describe('Number of latents; 0: expansion_factor × d_in'),
  expansion_factor: z.int().positive().default(32).describe('Latents for each dimension of the input'),
  k: z.int().positive().default(32).describe('Active latents'),
  activation: z.string().default('topk').describe('topk, or groupmax'),
  signed: z.boolean().default(false).describe('Old files: whether the k latents largest by magnitude are on'),
  transcode: z.boolean().default(false).describe('Whether it writes another place than it reads'),
  skip_connection: z.boolean().default(false).describe('Whether W_skip x is added to the output'),
  loupe: z
    .object({
      model_name: z.string().nullable().describe('Name of the model'),
      hook_name: z.string().nullable().describe('The hook that the dictionary reads'),
      hook_name_out: z.string().nullable().describe('The hook that a transcoder writes'),
    })
    .optional()
    .describe('Where a dictionary of Loupe belongs; sparsify ignores it'),
})
type SparsifyConfig = z.output<typeof SparsifyConfig>

/** Both matrices are `[d_sae, d_in]`: the encoder's as in nn.Linear, the decoder's as it is used. */
const LAYOUT: Layout = {
  W_enc: { name: 'encoder.weight', transposed: true },
  b_enc: { name: 'encoder.bias' },
  W_dec: { name: 'W_dec' },
  b_dec: { name: 'b_dec' },
  W_skip: { name: 'W_skip' },
}

export const sparsify: DictionaryFormat = {
  name: 'sparsify',
  description: 'a folder of EleutherAI’s sparsify, one place of a run',
  holds: `${CONFIG} and ${WEIGHTS}`,
  find(names, wanted = WEIGHTS) {
    return wanted === WEIGHTS && names.includes(WEIGHTS) && names.includes(CONFIG)
      ? { weights: WEIGHTS, config: CONFIG }
      : undefined
  },
  import: importSparsify,
  export: exportSparsify,
}

async function importSparsify({ dir }: DictionaryLocation): Promise<ImportedDictionary> {
  const sparse = parseWith(SparsifyConfig, await readJson(join(dir, CONFIG)), CONFIG)
  const config = toConfig(sparse)
  const file = await openWeights(join(dir, WEIGHTS), WEIGHTS)
  try {
    const tensors = await readTensors(file, config, LAYOUT, WEIGHTS)
    // A download keeps the path in the name of its folder.
    const hookpoint = basename(resolve(dir)).split('--').at(-1)!
    const hook = hookOfModule(hookpoint)
    // The output of a module has a hook name; its input has no single one.
    const place = sparse.loupe ?? (sparse.transcode ? { hook_name_out: hook } : { hook_name: hook })
    return { config, tensors, metadata: knownMetadata({ ...place, extra: { hookpoint } }), warnings: [] }
  } finally {
    await file.close()
  }
}

function toConfig(sparse: SparsifyConfig): DictionaryConfig {
  if (sparse.activation !== 'topk' || sparse.signed) {
    const activation = sparse.signed ? 'signed' : sparse.activation
    throw new LoupeError('unsupported', `${CONFIG}: the activation is ${activation}, which Loupe does not compute`, {
      remedy: 'use a topk dictionary',
    })
  }
  if (sparse.skip_connection && !sparse.transcode) {
    throw new LoupeError('unsupported', `${CONFIG}: an autoencoder with a skip connection`, {
      remedy: 'skip connections of transcoders are supported',
    })
  }
  return parseDictionaryConfig(
    {
      architecture: sparse.transcode ? (sparse.skip_connection ? 'skip-transcoder' : 'transcoder') : 'topk',
      d_in: sparse.d_in,
      d_sae: sparse.num_latents || sparse.expansion_factor * sparse.d_in,
      ...(sparse.transcode && { d_out: sparse.d_in }),
      activation: { kind: 'topk', k: sparse.k },
      apply_b_dec_to_input: !sparse.transcode,
      skip: sparse.skip_connection,
    },
    CONFIG,
  )
}

/** @throws LoupeError for all but TopK, and for transcoders with two widths */
async function exportSparsify(
  dictionary: Dictionary,
  metadata: Partial<DictionaryMetadata>,
  dir: string,
): Promise<string[]> {
  const { activation, d_in, d_sae, d_out } = dictionary.config
  requirePlain(dictionary, 'sparsify', { transcoders: true })
  if (activation.kind !== 'topk') throw unfit('sparsify', `supports only TopK, the dictionary is ${activation.kind}`)
  if (outputWidth(dictionary.config) !== d_in) {
    throw unfit('sparsify', `supports one width, the dictionary reads ${d_in} values and writes ${d_out}`)
  }
  const { config, tensors } = withInputBias(withFoldedNorms(dictionary), d_out === undefined)
  const { W_enc, b_enc, W_dec, b_dec, W_skip } = tensors as Record<string, NonNullable<(typeof tensors)[string]>>
  const cfg = {
    activation: 'topk',
    expansion_factor: Math.max(1, Math.round(d_sae / d_in)),
    normalize_decoder: !d_out,
    num_latents: d_sae,
    k: activation.k,
    multi_topk: false,
    skip_connection: config.skip,
    transcode: d_out !== undefined,
    d_in,
    loupe: {
      model_name: metadata.model_name ?? null,
      hook_name: metadata.hook_name ?? null,
      hook_name_out: metadata.hook_name_out ?? null,
    },
  }
  const files = {
    [CONFIG]: JSON.stringify(cfg, null, 2) + '\n',
    [WEIGHTS]: encodeSafetensors({
      'encoder.weight': { shape: [d_sae, d_in], data: transpose(W_enc!.data, d_in, d_sae) },
      'encoder.bias': b_enc!,
      W_dec: W_dec!,
      b_dec: b_dec!,
      ...(W_skip && { W_skip }),
    }),
  }
  await writeFolder(dir, files)
  return Object.keys(files)
}
