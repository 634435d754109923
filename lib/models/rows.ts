/** Models: added once with their hashes, found by name, loaded where they lie or fetched again. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { LoupeError, unknownName } from '../../trainer/errors'
import { loadModel as loadModelFiles } from '../../trainer/model/load/loadModel'
import { KNOWN_MODELS, resolveSource } from '../../trainer/model/load/source'
import { hookShapes, requireLater } from '../../trainer/model/runtime/transformer'
import type { LoadedModel, ModelConfig } from '../../trainer/model/types'
import type { Stage } from '../../trainer/progress'
import { loupeCache } from '../base/config'
import type { Database } from '../db/connect'
import type { Model } from '../db/generated/client'
import { byNameOrId, notThere } from '../base/names'
import { ensureVocabulary } from './vocabulary'

export type { Model }

export interface AddedModel {
  row: Model
  loaded: LoadedModel
}

/**
 * Fetches a model where needed, loads it, and writes down what it is. The same files under the same name are the same
 * model; other files under a taken name are refused.
 */
export async function addModel(
  database: Database,
  source: string,
  { name = defaultName(source), stage }: { name?: string; stage: Stage },
): Promise<AddedModel> {
  const path = await resolveSource(source, { cacheDir: loupeCache(), stage })
  const loaded = await loadModelFiles(path)
  try {
    const tokenizerHash = loaded.tokenizer?.hash ?? null
    const stored = await database.prisma.model.findUnique({ where: { name } })
    if (stored) requireSameFiles(stored, loaded, tokenizerHash)
    const { config, weightsHash } = { config: loaded.model.config, weightsHash: loaded.weightsHash }
    const data = {
      name,
      family: config.family,
      config: { ...config },
      source,
      files: { path },
      weightsHash,
      tokenizerHash,
    }
    const row = await database.prisma.model.upsert({
      where: { name },
      create: data,
      update: { source, files: { path } },
    })
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

/** The model of that name or id, of those that were added. */
export async function requireAddedModel(database: Database, asked: string): Promise<Model> {
  const row = await database.prisma.model.findUnique({ where: byNameOrId(asked) })
  return row ?? notThere('model', asked, await database.prisma.model.findMany({ select: { name: true } }))
}

/** The model of that name, or the one fetched on first use under a name Loupe knows. */
export async function requireModel(database: Database, asked: string, stage: Stage): Promise<Model> {
  const row = await database.prisma.model.findUnique({ where: byNameOrId(asked) })
  if (row) return row
  if (Object.hasOwn(KNOWN_MODELS, asked)) {
    const added = await addModel(database, asked, { stage })
    added.loaded.model.dispose()
    return added.row
  }
  const rows = await database.prisma.model.findMany({ select: { name: true } })
  throw unknownName('model', asked, [...new Set([...rows.map(({ name }) => name), ...Object.keys(KNOWN_MODELS)])])
}

export function requireModelById(database: Database, id: string): Promise<Model> {
  return database.prisma.model.findUniqueOrThrow({ where: { id } })
}

/** Loads a model's weights; files that are not on this machine are fetched again from their source. */
export async function loadModel(database: Database, row: Model, stage: Stage): Promise<LoadedModel> {
  const { path } = row.files as { path: string }
  const loaded = await loadModelFiles(existsSync(path) ? path : await fetchAgain(row, path, stage))
  try {
    requireSameFiles(row, loaded, loaded.tokenizer?.hash ?? null)
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

function requireSameFiles(row: Model, { weightsHash }: LoadedModel, tokenizerHash: string | null): void {
  const differing = [
    ...(row.weightsHash === weightsHash ? [] : [`weights ${row.weightsHash} there, ${weightsHash} here`]),
    ...(row.tokenizerHash === tokenizerHash ? [] : [`tokenizer ${row.tokenizerHash} there, ${tokenizerHash} here`]),
  ]
  if (differing.length === 0) return
  throw new LoupeError(
    'mismatch',
    `the files of the model ${row.name} are not those it was added with: ${differing.join('; ')}`,
    {
      remedy: 'add these files under another --name',
    },
  )
}

/** Width of one position at a hook, from the model's configuration alone. Throws for an unknown hook. */
export function hookWidthOf(row: Model, hook: string): number {
  return widthAmong(shapesOf(row), hook)
}

/** The same of the hook that a transcoder writes. Throws also where it is not computed after the one that is read. */
export function targetWidthOf(row: Model, hook: string, targetHook: string): number {
  const shapes = shapesOf(row)
  const width = widthAmong(shapes, targetHook)
  requireLater([...shapes.keys()], hook, targetHook)
  return width
}

function shapesOf(row: Model): Map<string, number[]> {
  return hookShapes(row.config as unknown as ModelConfig)
}

function widthAmong(shapes: Map<string, number[]>, hook: string): number {
  const shape = shapes.get(hook)
  if (!shape) throw unknownName('hook', hook, [...shapes.keys()])
  return shape.reduce((product, size) => product * size, 1)
}
