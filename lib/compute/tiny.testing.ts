/** A small model and dictionary in a test database, for tests of the compute server. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentStage } from '../../trainer/progress'
import { tinyDictionary } from '../../trainer/steering/tiny.testing'
import { loadBackend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import { storeDictionary } from '../dictionaries/weights'
import { addModel } from '../models/load'

export const TINY_HOOK = 'blocks.1.hook_resid_post'
export const TINY_CONTEXT = 4096

/** The golden llama with one printable character a token and a long context, added as `tiny`; its dictionary is `d`. */
export async function addTiny(
  database: Database,
): Promise<AsyncDisposable & { modelId: string; dictionaryId: string }> {
  await loadBackend()
  const folder = await mkdtemp(join(tmpdir(), 'loupe-tiny-'))
  await cp('test/golden/model/tiny/llama', folder, { recursive: true })
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, max_position_embeddings: TINY_CONTEXT }))
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  const { row, loaded } = await addModel(database, folder, { name: 'tiny', stage: silentStage() })
  loaded.model.dispose()
  const dictionary = tinyDictionary()
  const origin = { origin: 'import', modelId: row.id, hook: TINY_HOOK, provenance: {} } as const
  const stored = await storeDictionary(database, { name: 'd', dictionary, ...origin })
  return {
    modelId: row.id,
    dictionaryId: stored.id,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Ids are the code points of Latin-1 and one more; there is no end-of-text token. */
const tokenizer = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: { type: 'Fuse' },
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(Array.from({ length: 257 }, (_, id) => [String.fromCharCode(id), id])),
    merges: [],
  },
}
