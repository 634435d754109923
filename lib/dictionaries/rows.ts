/** Dictionaries as rows, found by name: without their weights, so that a page may look one up. */
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { Dictionary as DictionaryRow } from '../db/generated/client'
import { byNameOrId, notThere } from '../base/names'

export type { DictionaryRow }

export async function requireDictionary(database: Database, asked: string): Promise<DictionaryRow> {
  const row = await database.prisma.dictionary.findUnique({ where: byNameOrId(asked) })
  return row ?? notThere('dictionary', asked, await database.prisma.dictionary.findMany({ select: { name: true } }))
}

/** Refuses a name that is taken, before any work is done under it. */
export async function requireFreeName(database: Database, name: string): Promise<void> {
  if (!(await database.prisma.dictionary.findUnique({ where: { name }, select: { id: true } }))) return
  throw new LoupeError('conflict', `there is a dictionary named "${name}" already`, {
    remedy: 'choose another --name',
  })
}

/** A dictionary that is attached to a model and a hook, as everything but encoding vectors needs. */
export function requireAttached(row: DictionaryRow): { modelId: string; hook: string } {
  if (row.modelId && row.hook) return { modelId: row.modelId, hook: row.hook }
  throw new LoupeError('unsupported', `the dictionary ${row.name} is not attached to a model and a hook here`, {
    remedy: 'import it again with --model and --hook',
  })
}
