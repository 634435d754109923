/** Dictionaries as rows, by name or id: without their weights, so that pages can read them. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { Dictionary as DictionaryRow } from '../db/generated/client'
import { byNameOrId, notThere } from '../base/names'

export type { DictionaryRow }

export async function requireDictionary(database: Database, nameOrId: string): Promise<DictionaryRow> {
  const row = await database.prisma.dictionary.findUnique({ where: byNameOrId(nameOrId) })
  return row ?? notThere('dictionary', nameOrId, await database.prisma.dictionary.findMany({ select: { name: true } }))
}

/** The configuration that is stored with the weights. */
export function configOf({ config }: Pick<DictionaryRow, 'config'>): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(config)
}

/** A dictionary with the name of its model; null for one that is attached to none here. */
export async function dictionaryWithModel(
  database: Database,
  nameOrId: string,
): Promise<{ row: DictionaryRow; model: string | null }> {
  const row = await requireDictionary(database, nameOrId)
  const names = await modelNames(database, [row])
  return { row, model: names.get(row.modelId ?? '') ?? null }
}

/** Names of the models that these dictionaries are attached to, by the id of the model. */
export async function modelNames(
  { prisma }: Database,
  rows: readonly Pick<DictionaryRow, 'modelId'>[],
): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ modelId }) => modelId ?? [])
  const models = await prisma.model.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map(models.map(({ id, name }) => [id, name]))
}

/** Refuses a name that is in use, before any work is done under it. */
export async function requireFreeName(database: Database, name: string): Promise<void> {
  if (!(await database.prisma.dictionary.findUnique({ where: { name }, select: { id: true } }))) return
  throw new LoupeError('conflict', `there is a dictionary named "${name}" already`, {
    remedy: 'choose another --name',
  })
}

/** The model and the hook that a dictionary is attached to. Everything except encoding vectors needs them. */
export function requireAttached(row: DictionaryRow): { modelId: string; hook: string } {
  if (row.modelId && row.hook) return { modelId: row.modelId, hook: row.hook }
  throw new LoupeError('unsupported', `the dictionary ${row.name} is not attached to a model and a hook here`, {
    remedy: 'import it again with --model and --hook',
  })
}
