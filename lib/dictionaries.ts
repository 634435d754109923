/** Dictionaries: stored with their weights, found by name, opened for use. */
import type { PoolClient } from 'pg'
import { LoupeError } from '../trainer/errors'
import { Dictionary } from '../trainer/sae/dictionary'
import { putBlobWithin, readBlob } from '../trainer/store/blobs'
import { transaction } from '../trainer/store/database'
import type { Database } from './db/client'
import type { Dictionary as DictionaryRow, DictionaryOrigin } from './db/generated/client'
import { byNameOrId, notThere } from './names'

export type { DictionaryRow }

export interface NewDictionary {
  name: string
  dictionary: Dictionary
  origin: DictionaryOrigin
  modelId?: string
  hook?: string
  runId?: string
  /** What it was made from: for imports the folder and its metadata, for runs the harvest and engine. */
  provenance: object
}

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

export async function storeDictionary(database: Database, given: NewDictionary): Promise<DictionaryRow> {
  await requireFreeName(database, given.name)
  await transaction(database.pool, (client) => storeDictionaryWithin(client, given))
  return requireDictionary(database, given.name)
}

/** As `storeDictionary`, in the caller's transaction and without its check of the name. */
export async function storeDictionaryWithin(client: PoolClient, given: NewDictionary): Promise<void> {
  const { dictionary, name, origin, modelId, hook, runId, provenance } = given
  const weights = await putBlobWithin(client, dictionary.toSafetensors())
  await client.query(
    `INSERT INTO dictionary (name, origin, model_id, hook, run_id, provenance, config, architecture, d_in, d_sae, weights_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[name, origin, modelId ?? null, hook ?? null, runId ?? null],
      ...[JSON.stringify(provenance), JSON.stringify(dictionary.config), dictionary.config.architecture],
      ...[dictionary.d_in, dictionary.d_sae, weights.id],
    ],
  )
}

/** The dictionary itself; dispose it after use. */
export async function openDictionary(database: Database, row: DictionaryRow): Promise<Dictionary> {
  return Dictionary.fromSafetensors(await readBlob(database.pool, row.weightsId), undefined, `dictionary ${row.name}`)
}

/** A dictionary that is tied to a model and a hook, as everything but encoding vectors needs. */
export function requireTied(row: DictionaryRow): { modelId: string; hook: string } {
  if (row.modelId && row.hook) return { modelId: row.modelId, hook: row.hook }
  throw new LoupeError('unsupported', `the dictionary ${row.name} is not tied to a model and hook here`, {
    remedy: 'import it again with --model and --hook',
  })
}
