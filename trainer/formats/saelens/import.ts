/** Reads folders of SAELens. */
import { join } from 'node:path'
import { z } from 'zod'
import { LoupeError } from '../../errors'
import {
  checkShapes,
  checkValues,
  parseWith,
  type DictionaryConfig,
  type DictionaryTensors,
} from '../../sae/dictionary/config'
import type { NamedTensor } from '../../tensors/arrays'
import { openSafetensors } from '../../tensors/safetensors'
import { readJson } from '../folder'
import type { DictionaryLocation, ImportedDictionary } from '../format'
import { parseSaelensConfig, toDictionaryConfig, toMetadata, type SaelensConfig } from './config'

export const WEIGHTS = 'sae_weights.safetensors'
export const SPARSITY = 'sparsity.safetensors'
export const SCALER = 'activation_scaler.json'

/** Reads a folder of SAELens, of version 6 or earlier. */
export async function importSaelens({ dir }: DictionaryLocation): Promise<ImportedDictionary> {
  const { saelens, unknownKeys } = parseSaelensConfig(await readJson(join(dir, 'cfg.json')))
  const config = toDictionaryConfig(saelens)
  const warnings = unknownKeys.length > 0 ? [`cfg.json: unknown keys were ignored: ${unknownKeys.join(', ')}`] : []
  const stored = await readWeights(join(dir, WEIGHTS), config)
  warnings.push(...thresholdWarnings(stored))
  const { scale, warning } = await inputScale(dir, saelens)
  if (warning) warnings.push(warning)
  const { density, complaint } = await readDensity(dir, config.d_sae)
  if (complaint) warnings.push(complaint)
  return {
    config,
    tensors: scale === 1 ? stored : foldInputScale(stored, scale),
    metadata: toMetadata(saelens.metadata),
    ...(density && { density }),
    warnings,
  }
}

async function readWeights(path: string, config: DictionaryConfig): Promise<DictionaryTensors> {
  const file = await openSafetensors(path)
  try {
    const stored = new Map(file.tensors)
    if (stored.has('scaling_factor')) {
      // Some versions before 6 wrote it. Ones change nothing, and no later version supports another factor.
      const factors = await file.read('scaling_factor')
      if (!factors.every((factor) => Math.abs(factor - 1) < 1e-5)) {
        throw new LoupeError('unsupported', `${WEIGHTS}: scaling_factor is not 1 everywhere`, {
          remedy: 'multiply the rows of W_dec by it and remove it',
        })
      }
      stored.delete('scaling_factor')
    }
    // Names and shapes first: nothing large is read from a file of another shape.
    checkShapes(config, stored, WEIGHTS)
    const tensors: Record<string, NamedTensor> = {}
    for (const [name, { shape }] of stored) tensors[name] = { shape, data: await file.read(name) }
    checkValues(tensors, WEIGHTS)
    return tensors
  } finally {
    await file.close()
  }
}

/** SAELens rectifies before it compares, so a negative threshold acts as 0; often it means "never fitted". */
function thresholdWarnings({ threshold }: DictionaryTensors): string[] {
  const negative = threshold?.data.reduce((count, value) => count + Number(value < 0), 0) ?? 0
  return negative === 0
    ? []
    : [`${WEIGHTS}: ${negative} of ${threshold!.data.length} thresholds are negative and act as 0`]
}

/**
 * The factor on inputs that the trainer used and that the weights still expect. A finished export has it folded into
 * the weights; a training checkpoint has it in a separate file. Otherwise it is lost, and SAELens also runs without it.
 */
async function inputScale(dir: string, saelens: SaelensConfig): Promise<{ scale: number; warning?: string }> {
  const kind = saelens.normalize_activations
  if (kind === 'covariance_whitening') {
    throw new LoupeError('unsupported', 'cfg.json: the weights expect whitened activations (covariance_whitening)', {
      remedy: 'export the finished dictionary from SAELens: it folds the whitening into the weights',
    })
  }
  if (kind !== 'expected_average_only_in') return { scale: 1 }
  const contents = await readJson(join(dir, SCALER))
  const schema = z.object({ scaling_factor: z.number().positive().nullable().describe('Factor on raw inputs') })
  const scale = contents === undefined ? null : parseWith(schema, contents, SCALER).scaling_factor
  if (scale !== null) return { scale, warning: `${SCALER}: the factor ${scale} on inputs was folded into the weights` }
  return {
    scale: 1,
    warning:
      'cfg.json: normalize_activations is expected_average_only_in, but the factor is not in the folder: ' +
      'as in SAELens, inputs are not scaled',
  }
}

/** `f(s x)` as a dictionary of `x`, output unscaled: SAELens's `fold_activation_norm_scaling_factor`. */
function foldInputScale(tensors: DictionaryTensors, scale: number): DictionaryTensors {
  const times = ({ shape, data }: NamedTensor, factor: number) => ({ shape, data: data.map((value) => value * factor) })
  return {
    ...tensors,
    W_enc: times(tensors['W_enc']!, scale),
    W_dec: times(tensors['W_dec']!, 1 / scale),
    b_dec: times(tensors['b_dec']!, 1 / scale),
  }
}

/** The optional file of firing rates. An unusable file is a warning, not an error. */
async function readDensity(dir: string, d_sae: number): Promise<{ density?: Float32Array; complaint?: string }> {
  try {
    const file = await openSafetensors(join(dir, SPARSITY))
    try {
      const logarithms = await file.read('sparsity')
      if (logarithms.length !== d_sae) {
        return { complaint: `${SPARSITY} was ignored: ${logarithms.length} values for ${d_sae} latents` }
      }
      if (!logarithms.every(Number.isFinite)) {
        return { complaint: `${SPARSITY} was ignored: it has values that are NaN or infinite` }
      }
      return { density: logarithms.map((value) => Math.max(0, 10 ** value - 1e-10)) }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!(error instanceof LoupeError)) throw error
    return error.code === 'not-found' && error.message.startsWith('there is no file')
      ? {}
      : { complaint: `${SPARSITY} was ignored: ${error.message}` }
  }
}
