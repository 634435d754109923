/** Models as rows: found by name or id, with their stored configuration and the hooks that follow from it. */
import { unknownName } from '../../trainer/errors'
import { hookShapes, parseModelConfig } from '../../trainer/model/families'
import { requireLater, type HookShapes } from '../../trainer/model/hooks'
import type { LoadedModel, ModelConfig } from '../../trainer/model/types'
import { sizeOf } from '../../trainer/tensors/arrays'
import { byNameOrId } from '../base/names'
import type { Database } from '../db/connect'
import type { Model } from '../db/generated/client'
import { StoredModelFiles } from './schema'

export type { Model }

export function findModel(database: Database, nameOrId: string): Promise<Model | null> {
  return database.prisma.model.findUnique({ where: byNameOrId(nameOrId) })
}

/** The model with this name or id. Nothing is fetched: it must have been added before. */
export async function requireAddedModel(database: Database, nameOrId: string): Promise<Model> {
  const row = await findModel(database, nameOrId)
  if (!row) throw unknownName('model', nameOrId, await modelNames(database))
  return row
}

export function requireModelById(database: Database, id: string): Promise<Model> {
  return database.prisma.model.findUniqueOrThrow({ where: { id } })
}

export async function modelNames(database: Database): Promise<string[]> {
  const rows = await database.prisma.model.findMany({ select: { name: true } })
  return rows.map(({ name }) => name)
}

/** By name. */
export function allModels(database: Database): Promise<Model[]> {
  return database.prisma.model.findMany({ orderBy: { name: 'asc' } })
}

/** Stores the row of a model. For a name that exists, only the place of the files changes. */
export function storeModel(
  database: Database,
  { name, source, path, loaded }: { name: string; source: string; path: string; loaded: LoadedModel },
): Promise<Model> {
  const { config } = loaded.model
  return database.prisma.model.upsert({
    where: { name },
    create: {
      name,
      family: config.family,
      config: { ...config },
      source,
      files: { path },
      weightsHash: loaded.weightsHash,
      tokenizerHash: loaded.tokenizer?.hash ?? null,
    },
    update: { source, files: { path } },
  })
}

/** The family's configuration of a stored model. */
export const modelConfigOf = ({ config }: Pick<Model, 'config'>): ModelConfig => parseModelConfig(config)

/** Where the files were on the machine that added the model. */
export const modelPathOf = ({ files }: Pick<Model, 'files'>): string => StoredModelFiles.parse(files).path

/** Every hook in order of computation, with the shape of one position. */
export const hookShapesOf = (row: Pick<Model, 'config'>): HookShapes => hookShapes(modelConfigOf(row))

/** Width of one position at a hook. Throws for an unknown hook. */
export function hookWidthOf(row: Model, hook: string): number {
  return widthAmong(hookShapesOf(row), hook)
}

/** Width of one position at the target hook of a transcoder. Throws if the target is not computed after the hook. */
export function targetWidthOf(row: Model, hook: string, targetHook: string): number {
  const shapes = hookShapesOf(row)
  const width = widthAmong(shapes, targetHook)
  requireLater([...shapes.keys()], hook, targetHook)
  return width
}

function widthAmong(shapes: HookShapes, hook: string): number {
  const shape = shapes.get(hook)
  if (!shape) throw unknownName('hook', hook, [...shapes.keys()])
  return sizeOf(shape)
}
