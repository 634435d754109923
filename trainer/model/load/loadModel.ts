/** Loads a model from a file or folder on this machine. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoupeError } from '../../errors'
import { sha256File } from '../../tensors/wheel'
import type { ModelFamily, TensorSpec, WeightReader } from '../families/family'
import { buildModel, familyOfGgufArchitecture, familyOfHuggingFaceType } from '../families'
import { tokenizerFromGguf } from '../tokenizer/gguf'
import { tokenizerFromFolder } from '../tokenizer/huggingFace'
import type { LoadedModel, LoupeTokenizer, ModelConfig } from '../types'
import { openModelFolder } from './folder'

/** A model before its weights are read. */
interface OpenedModel {
  family: ModelFamily
  config: ModelConfig
  tokenizer: LoupeTokenizer | undefined
  weightFiles: readonly string[]
  weights(specs: readonly TensorSpec[]): WeightReader
  close(): Promise<void>
}

/**
 * Loads a GGUF file or a folder in Hugging Face's layout onto the backend in use.
 * @throws LoupeError for files that are missing, damaged, truncated, of an unknown family, or of different models
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  const opened = await openModel(path)
  try {
    const { family, config, tokenizer } = opened
    checkTokenizer(tokenizer, config, path)
    const weights = opened.weights(family.tensors(config))
    const weightsHash = await hashFiles(opened.weightFiles)
    const model = await buildModel(config, weights)
    return { model, weightsHash, ...(tokenizer && { tokenizer }) }
  } finally {
    await opened.close()
  }
}

async function openModel(path: string): Promise<OpenedModel> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new LoupeError('not-found', `there is no model at ${path}`, { remedy: 'check the path', cause })
  })
  return info.isDirectory() ? openFolder(path) : openGgufModel(path)
}

async function openFolder(path: string): Promise<OpenedModel> {
  const folder = await openModelFolder(path)
  try {
    const family = familyOfHuggingFaceType(folder.type)
    const config = family.configFromHuggingFace(folder.config, `${basename(path)}/config.json`)
    return { ...folder, family, config, tokenizer: await tokenizerFromFolder(path) }
  } catch (error) {
    await folder.close()
    throw error
  }
}

async function openGgufModel(path: string): Promise<OpenedModel> {
  // Imported when needed: its library brings a table of everything on the hub.
  const { openGguf } = await import('./gguf')
  const file = await openGguf(path)
  try {
    const family = familyOfGgufArchitecture(file.metadata.string('general.architecture'))
    const config = family.configFromGguf(file.metadata, file.tensorNames)
    return { ...file, family, config, tokenizer: tokenizerFromGguf(file.metadata), weightFiles: [path] }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Largest share of the vocabulary without a token: models round their vocabulary up. */
const PADDED_SHARE = 0.05

function checkTokenizer(tokenizer: LoupeTokenizer | undefined, { d_vocab }: ModelConfig, path: string): void {
  if (!tokenizer) return
  const { vocabularySize } = tokenizer
  if (vocabularySize <= d_vocab && vocabularySize >= d_vocab * (1 - PADDED_SHARE)) return
  throw new LoupeError(
    'mismatch',
    `the tokenizer in ${basename(path)} has ${vocabularySize} tokens, the model a vocabulary of ${d_vocab}`,
    { remedy: 'the tokenizer belongs to another model: replace it with the right one, or remove it and use token ids' },
  )
}

/** sha256 of one file's bytes; of several, over a line of name and hash each. */
async function hashFiles(paths: readonly string[]): Promise<string> {
  if (paths.length === 1) return sha256File(paths[0]!)
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${basename(path)} ${await sha256File(path)}\n`)
  return hash.digest('hex')
}
