/** Writes folders for dictionary_learning. */
import type { Dictionary } from '../../sae/dictionary/dictionary'
import type { DictionaryConfig, DictionaryTensors } from '../../sae/dictionary/config'
import { transpose } from '../../tensors/order'
import { encodeTorch, type WrittenValue } from '../containers/write'
import { CLASSES } from './classes'
import { writeFolder } from '../folder'
import type { DictionaryMetadata } from '../format'
import { commonThreshold, requirePlain, withFoldedNorms, withInputBias } from '../refit'
import { submoduleOfHook } from '../sites'

/** SAELens's importer of these folders needs a number here; its value does not matter. */
const UNKNOWN_CONTEXT = 128

/** Writes a folder that `dictionary_learning.utils.load_dictionary` loads; `ae.pt` holds tensors only. */
export async function exportDictionaryLearning(
  dictionary: Dictionary,
  metadata: Partial<DictionaryMetadata>,
  dir: string,
): Promise<string[]> {
  requirePlain(dictionary, 'dictionary_learning')
  const { className, k } = classFor(dictionary, metadata)
  const { applies } = CLASSES[className]!
  const { config, tensors } = withInputBias(withFoldedNorms(dictionary), applies)
  const files = {
    'ae.pt': encodeTorch(stateDict(className, config, tensors, k)),
    'config.json': JSON.stringify(configFile(className, config, metadata, k), null, 2) + '\n',
  }
  await writeFolder(dir, files)
  return Object.keys(files)
}

/** BatchTopK for one shared threshold with a known k; otherwise thresholds are JumpReLU's. */
function classFor(
  { config: { activation }, tensors }: Dictionary,
  metadata: Partial<DictionaryMetadata>,
): { className: string; k?: number } {
  if (activation.kind === 'relu') return { className: 'AutoEncoder' }
  if (activation.kind === 'gated') return { className: 'GatedAutoEncoder' }
  if (activation.kind === 'topk') return { className: 'AutoEncoderTopK', k: activation.k }
  const details = metadata.extra?.['training_architecture_details'] as { k?: unknown } | undefined
  const trainer = metadata.extra?.['trainer'] as { k?: unknown } | undefined
  const k = details?.k ?? trainer?.k
  if (commonThreshold(tensors) === undefined || !Number.isSafeInteger(k)) return { className: 'JumpReluAutoEncoder' }
  return { className: 'BatchTopKSAE', k: k as number }
}

function stateDict(
  className: string,
  { d_in, d_sae }: DictionaryConfig,
  tensors: DictionaryTensors,
  k: number | undefined,
): Record<string, WrittenValue> {
  const state: Record<string, WrittenValue> = {}
  if (k !== undefined) {
    const threshold = commonThreshold(tensors) ?? -1
    state['k'] = { shape: [], data: Int32Array.of(k) }
    state['threshold'] = { shape: [], data: Float32Array.of(threshold) }
  }
  for (const [part, { name, transposed }] of Object.entries(CLASSES[className]!.layout)) {
    const tensor = tensors[part]
    if (!tensor) continue
    const [rows = d_in, columns = d_sae] = tensor.shape
    state[name] = transposed ? { shape: [columns, rows], data: transpose(tensor.data, rows, columns) } : tensor
  }
  return state
}

function configFile(
  className: string,
  { d_in, d_sae }: DictionaryConfig,
  metadata: Partial<DictionaryMetadata>,
  k: number | undefined,
): Record<string, unknown> {
  const hook = metadata.hook_name ?? null
  const { layer, submodule } = submoduleOfHook(hook)
  return {
    trainer: {
      trainer_class: CLASSES[className]!.trainer,
      dict_class: className,
      activation_dim: d_in,
      dict_size: d_sae,
      ...(k !== undefined && { k }),
      device: 'cpu',
      layer,
      lm_name: metadata.model_name ?? '',
      wandb_name: className,
      // hook_name is Loupe's own key: not every hook has a submodule name.
      submodule_name: submodule,
      hook_name: hook,
    },
    buffer: {
      d_submodule: d_in,
      io: 'out',
      n_ctxs: null,
      ctx_len: metadata.context_size ?? UNKNOWN_CONTEXT,
      refresh_batch_size: null,
      out_batch_size: null,
      device: 'cpu',
    },
  }
}
