/** Reads folders of dictionary_learning. */
import { join } from 'node:path'
import { z } from 'zod'
import { LoupeError, unknownName } from '../../errors'
import { parseDictionaryConfig, parseWith } from '../../sae/dictionary/config'
import { openWeights, type WeightsFile } from '../containers/weights'
import { CLASSES, type DictionaryClass } from './classes'
import { readJson } from '../folder'
import type { DictionaryMetadata, DictionaryLocation, ImportedDictionary } from '../format'
import { countOrNull, knownMetadata, textOrNull } from '../metadata'
import { hookOfSubmodule } from '../sites'
import { readTensors, type Layout } from '../tensors'

const CONFIG = 'config.json'

const TrainerConfig = z.object({
  trainer: z.looseObject({
    dict_class: z.string().describe('The class that computes it'),
    activation_dim: z.int().positive().describe('Width of the input'),
    dict_size: z.int().positive().describe('Number of latents'),
  }),
  buffer: z.record(z.string(), z.unknown()).default({}).describe('How activations were collected'),
})
type TrainerConfig = z.output<typeof TrainerConfig>

/** Reads `ae.pt` and `config.json`; no code in the pickle is run. */
export async function importDictionaryLearning({ dir, files }: DictionaryLocation): Promise<ImportedDictionary> {
  const source = files.weights
  const settings = parseWith(TrainerConfig, await readJson(join(dir, CONFIG)), CONFIG)
  const { dict_class: name, activation_dim: d_in, dict_size: d_sae } = settings.trainer
  const form = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
  if (!form) throw unknownName('class of dictionary_learning', name, Object.keys(CLASSES))
  const file = await openWeights(join(dir, source), source)
  try {
    // Older state dicts have no k; their configuration has it.
    const k = file.tensors.has('k') ? await scalar(file, 'k', source) : settings.trainer['k']
    const config = parseDictionaryConfig(
      {
        architecture: form.architecture,
        d_in,
        d_sae,
        apply_b_dec_to_input: form.applies,
        activation: form.kind === 'topk' ? { kind: 'topk', k } : { kind: form.kind },
      },
      CONFIG,
    )
    const { layout, shared, warnings } = await sharedThreshold(file, form, d_sae, source)
    const tensors = await readTensors(shared, config, layout, source, form.others)
    return { config, tensors, metadata: metadataOf(settings), warnings }
  } finally {
    await file.close()
  }
}

/**
 * BatchTopK keeps one threshold for all latents; here every latent gets a copy. Without the threshold the dictionary
 * would be dense.
 */
async function sharedThreshold(
  file: WeightsFile,
  form: DictionaryClass,
  d_sae: number,
  source: string,
): Promise<{ layout: Layout; shared: WeightsFile; warnings: string[] }> {
  const { layout } = form
  if (form.kind !== 'jumprelu' || layout['threshold']) return { layout, shared: file, warnings: [] }
  const value = await scalar(file, 'threshold', source)
  const name = 'threshold of each latent'
  const shared: WeightsFile = {
    ...file,
    tensors: new Map([...file.tensors, [name, { shape: [d_sae] }]]),
    read: async (tensor) => (tensor === name ? new Float32Array(d_sae).fill(value) : file.read(tensor)),
  }
  const warnings = value < 0 ? [`${source}: the threshold ${value} was never set: every positive latent is on`] : []
  return { layout: { ...layout, threshold: { name } }, shared, warnings }
}

async function scalar(file: WeightsFile, name: string, source: string): Promise<number> {
  const tensor = file.tensors.get(name)
  if (!tensor) throw new LoupeError('bad-input', `${source}: there is no tensor ${name}`)
  const [value, ...more] = tensor.shape.length <= 1 ? await file.read(name) : []
  if (value !== undefined && more.length === 0 && Number.isFinite(value)) return value
  throw new LoupeError('bad-input', `${source}: ${name} is not a finite number of the shape [] or [1]`)
}

function metadataOf({ trainer, buffer }: TrainerConfig): DictionaryMetadata {
  const submodule = textOrNull(trainer['submodule_name'])
  return knownMetadata({
    model_name: textOrNull(trainer['lm_name']),
    hook_name: textOrNull(trainer['hook_name']) ?? (submodule === null ? null : hookOfSubmodule(submodule)),
    context_size: countOrNull(buffer['ctx_len']),
    extra: { trainer, buffer },
  })
}
