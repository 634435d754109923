/** Adding a model and loading its weights, from this machine's files or fetched again from their source. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { LoupeError, unknownName } from '../../trainer/errors'
import { loadModel as loadModelFiles } from '../../trainer/model/load/loadModel'
import { KNOWN_MODELS, resolveSource } from '../../trainer/model/load/source'
import type { LoadedModel } from '../../trainer/model/types'
import type { Stage } from '../../trainer/progress'
import { loupeCache } from '../base/config'
import type { Database } from '../db/connect'
import { findModel, modelNames, modelPathOf, storeModel, type Model } from './rows'
import { ensureVocabulary } from './vocabulary'

export interface AddedModel {
  row: Model
  loaded: LoadedModel
}

/**
 * Fetches a model if necessary, loads it and stores its row. Adding the same files under the same name again returns
 * the same row; different files under a taken name are refused.
 */
export async function addModel(
  database: Database,
  source: string,
  { name = defaultName(source), stage }: { name?: string; stage: Stage },
): Promise<AddedModel> {
  const path = await resolveSource(source, { cacheDir: loupeCache(), stage })
  const loaded = await loadModelFiles(path)
  try {
    const stored = await database.prisma.model.findUnique({ where: { name } })
    if (stored) requireSameFiles(stored, loaded)
    const row = await storeModel(database, { name, source, path, loaded })
    await ensureVocabulary(database, row.id, loaded.tokenizer)
    return { row, loaded }
  } catch (error) {
    loaded.model.dispose()
    throw error
  }
}

function defaultName(source: string): string {
  const bare = source.replace(/^(hub|package):/, '')
  return basename(bare)
    .replace(/\.gguf$/i, '')
    .toLowerCase()
}

/** The model with this name or id. A name in `KNOWN_MODELS` is fetched and added on first use. */
export async function requireModel(database: Database, nameOrId: string, stage: Stage): Promise<Model> {
  const row = await findModel(database, nameOrId)
  if (row) return row
  if (Object.hasOwn(KNOWN_MODELS, nameOrId)) {
    const added = await addModel(database, nameOrId, { stage })
    added.loaded.model.dispose()
    return added.row
  }
  throw unknownName('model', nameOrId, [...new Set([...(await modelNames(database)), ...Object.keys(KNOWN_MODELS)])])
}

/** Loads a model's weights. Files that are missing on this machine are fetched again from their source. */
export async function loadModel(database: Database, row: Model, stage: Stage): Promise<LoadedModel> {
  const path = modelPathOf(row)
  const loaded = await loadModelFiles(existsSync(path) ? path : await fetchAgain(row, path, stage))
  try {
    requireSameFiles(row, loaded)
    await ensureVocabulary(database, row.id, loaded.tokenizer)
    return loaded
  } catch (error) {
    loaded.model.dispose()
    throw error
  }
}

function fetchAgain(row: Model, path: string, stage: Stage): Promise<string> {
  if (existsSync(row.source) || path === row.source) {
    throw new LoupeError('not-found', `the files of the model ${row.name} are gone from ${path}`, {
      remedy: 'put them back, or add the model again: loupe model add SOURCE',
    })
  }
  return resolveSource(row.source, { cacheDir: loupeCache(), stage })
}

function requireSameFiles(row: Model, { weightsHash, tokenizer }: LoadedModel): void {
  const tokenizerHash = tokenizer?.hash ?? null
  const differing = [
    ...(row.weightsHash === weightsHash ? [] : [`weights ${row.weightsHash} there, ${weightsHash} here`]),
    ...(row.tokenizerHash === tokenizerHash ? [] : [`tokenizer ${row.tokenizerHash} there, ${tokenizerHash} here`]),
  ]
  if (differing.length === 0) return
  throw new LoupeError(
    'mismatch',
    `the files of the model ${row.name} have changed since it was added: ${differing.join('; ')}`,
    { remedy: 'add these files under another --name' },
  )
}
