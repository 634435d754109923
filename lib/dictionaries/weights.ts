/** Stores dictionaries with their weights, and opens them for use. */
import type { PoolClient } from 'pg'
import { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { putBlobWithin, readBlob } from '../../trainer/store/blobs'
import { transaction } from '../../trainer/store/database'
import { isTranscoder } from '../../trainer/sae/dictionary/site'
import type { Database } from '../db/connect'
import type { DictionaryOrigin } from '../db/generated/client'
import { requireDictionary, requireFreeName, type DictionaryRow } from './rows'

export interface NewDictionary {
  name: string
  dictionary: Dictionary
  origin: DictionaryOrigin
  modelId?: string
  hook?: string
  /** Where a transcoder writes. */
  targetHook?: string
  runId?: string
  /** What it was made from: for imports the folder and its metadata, for runs the harvest and engine. */
  provenance: object
}

/** Where a dictionary of this harvest writes, if that is not where it reads. */
export function writtenBy(
  { config }: Dictionary,
  { targetHook }: { targetHook: string | null },
): { targetHook?: string } {
  return isTranscoder({ config }) && targetHook !== null ? { targetHook } : {}
}

export async function storeDictionary(database: Database, dictionary: NewDictionary): Promise<DictionaryRow> {
  await requireFreeName(database, dictionary.name)
  await transaction(database.pool, (client) => storeDictionaryWithin(client, dictionary))
  return requireDictionary(database, dictionary.name)
}

/** Like `storeDictionary`, in the caller's transaction and without the check of the name. */
export async function storeDictionaryWithin(client: PoolClient, row: NewDictionary): Promise<void> {
  const { dictionary, name, origin, modelId, hook, targetHook, runId, provenance } = row
  const weights = await putBlobWithin(client, dictionary.toSafetensors())
  await client.query(
    `INSERT INTO dictionary (name, origin, model_id, hook, target_hook, run_id, provenance, config, architecture, d_in, d_sae,
                             weights_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      name,
      origin,
      modelId ?? null,
      hook ?? null,
      targetHook ?? null,
      runId ?? null,
      JSON.stringify(provenance),
      JSON.stringify(dictionary.config),
      dictionary.config.architecture,
      dictionary.d_in,
      dictionary.d_sae,
      weights.id,
    ],
  )
}

/** The dictionary itself; dispose it after use. */
export async function openDictionary(database: Database, row: DictionaryRow): Promise<Dictionary> {
  return Dictionary.fromSafetensors(await readBlob(database.pool, row.weightsId), undefined, `dictionary ${row.name}`)
}
