/** Writes folders for SAELens. */
import { LoupeError } from '../../errors'
import type { Dictionary } from '../../sae/dictionary/dictionary'
import { encodeSafetensors } from '../../tensors/safetensors'
import { writeFolder } from '../folder'
import type { DictionaryMetadata, ExportOptions } from '../format'
import { commonThreshold } from '../refit'
import { toArchitecture } from './config'

/** The release whose layout is written. Without it SAELens reads the file in the layout before version 6. */
const SAELENS_VERSION = '6.54.12'

/** Writes a folder that SAELens 6 and later load with `SAE.load_from_disk`. */
export async function exportSaelens(
  dictionary: Dictionary,
  metadata: Partial<DictionaryMetadata>,
  dir: string,
  options: ExportOptions = {},
): Promise<string[]> {
  const files: Record<string, Uint8Array | string> = {
    'cfg.json': JSON.stringify(configFile(dictionary, metadata), null, 2) + '\n',
    'sae_weights.safetensors': encodeSafetensors(dictionary.tensors),
  }
  if (options.density) files['sparsity.safetensors'] = sparsityFile(options.density, dictionary.d_sae)
  await writeFolder(dir, files)
  return Object.keys(files)
}

function configFile(dictionary: Dictionary, metadata: Partial<DictionaryMetadata>): Record<string, unknown> {
  const { activation, architecture, d_in, d_sae, d_out, ...rest } = dictionary.config
  const { hook_name = null } = metadata
  if (rest.reshape_activations === 'hook_z' && hook_name !== null && !hook_name.endsWith('_z')) {
    throw new LoupeError('mismatch', `the dictionary reads heads (hook_z), but its hook is ${hook_name}`, {
      remedy: 'SAELens refuses this file: name the hook that the dictionary reads',
    })
  }
  return {
    architecture: toArchitecture(dictionary.config),
    d_in,
    d_sae,
    ...(d_out !== undefined && { d_out }),
    ...(activation.kind === 'topk' && {
      k: activation.k,
      rescale_acts_by_decoder_norm: activation.rescale_acts_by_decoder_norm,
    }),
    dtype: 'float32',
    device: 'cpu',
    apply_b_dec_to_input: rest.apply_b_dec_to_input,
    normalize_activations: rest.normalize_activations,
    reshape_activations: rest.reshape_activations,
    metadata: { ...metadataBag(metadata, architecture), ...inferenceNote(dictionary) },
  }
}

/** Every key of SAELens's metadata; null means not known. */
function metadataBag(metadata: Partial<DictionaryMetadata>, architecture: string): Record<string, unknown> {
  return {
    model_class_name: 'HookedTransformer',
    hook_head_index: null,
    seqpos_slice: [null],
    model_from_pretrained_kwargs: {},
    exclude_special_tokens: false,
    sae_lens_training_version: null,
    training_architecture: architecture,
    exported_by: 'loupe',
    ...metadata.extra,
    sae_lens_version: SAELENS_VERSION,
    model_name: metadata.model_name ?? null,
    hook_name: metadata.hook_name ?? null,
    ...(metadata.hook_name_out && { hook_name_out: metadata.hook_name_out }),
    context_size: metadata.context_size ?? null,
    prepend_bos: metadata.prepend_bos ?? false,
    dataset_path: metadata.dataset_path ?? null,
    neuronpedia_id: metadata.neuronpedia_id ?? null,
  }
}

/** How the dictionary computes, where SAELens has no class for its training. */
function inferenceNote({ config, tensors }: Dictionary): { inference_rule?: string } {
  const { architecture, activation } = config
  if (activation.kind === 'topk' && architecture !== 'topk') {
    return { inference_rule: `trained as ${architecture}; here the ${activation.k} largest latents of a token are on` }
  }
  if (activation.kind !== 'jumprelu' || architecture.includes('jumprelu')) return {}
  const which = commonThreshold(tensors) === undefined ? 'its own threshold' : 'one threshold for all'
  return { inference_rule: `trained as ${architecture}; here a latent is on above ${which}` }
}

/** log10 of the share of tokens, shifted so that a dead latent stays finite: SAELens's convention. */
function sparsityFile(density: Float32Array, d_sae: number): Buffer {
  if (density.length !== d_sae) throw new Error(`${density.length} densities for ${d_sae} latents`)
  return encodeSafetensors({ sparsity: { shape: [d_sae], data: density.map((share) => Math.log10(share + 1e-10)) } })
}
