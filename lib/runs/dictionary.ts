/** Dictionaries made of checkpoints. */
import { decodeCheckpoint } from '../../trainer/sae/training/checkpoint'
import { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { foldCheckpoint } from '../../trainer/sae/training/fineTune'
import { readBlob } from '../../trainer/store/blobs'
import type { Database } from '../db/connect'
import { storeDictionary, writtenBy } from '../dictionaries/weights'
import { requireCheckpoint } from './rows'

/**
 * Stores the dictionary that a run would have become at a checkpoint. It is not the run's own, whose figures are not
 * its.
 */
export async function storeCheckpointDictionary(database: Database, asked: string, name: string) {
  const { run, checkpoint } = await requireCheckpoint(database, asked)
  const { config, tensors } = foldCheckpoint(decodeCheckpoint(await readBlob(database.pool, checkpoint.blobId)))
  const { modelId, hook } = run.harvest
  const reshape_activations = hook.endsWith('hook_z') ? 'hook_z' : 'none'
  const dictionary = Dictionary.create({ ...config, reshape_activations }, tensors, asked)
  const row = await storeDictionary(database, {
    name,
    dictionary,
    origin: 'run',
    modelId,
    hook,
    ...writtenBy(dictionary, run.harvest),
    provenance: {
      run: run.id,
      checkpoint: checkpoint.step,
      harvest: run.harvestId,
      config: run.config,
      engine: run.engine,
    },
  })
  dictionary.dispose()
  return { dictionary: row.name, run: run.name, step: checkpoint.step }
}
