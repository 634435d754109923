/** Makes dictionaries of checkpoints. */
import { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { decodeCheckpoint } from '../../trainer/sae/training/checkpoint'
import { foldCheckpoint } from '../../trainer/sae/training/fineTune'
import { readBlob } from '../../trainer/store/blobs'
import type { Database } from '../db/connect'
import { storeDictionary, writtenBy } from '../dictionaries/weights'
import { requireCheckpoint } from './checkpoints'

/** Heads are concatenated in the harvest; the dictionary takes them apart or together. */
export const reshapeFor = (hook: string): 'hook_z' | 'none' => (hook.endsWith('hook_z') ? 'hook_z' : 'none')

/**
 * Stores the dictionary that a run would have made if it had ended at a checkpoint. It does not belong to the run, whose
 * figures are of the weights at its end.
 * @param checkpointName `RUN` (its newest), `RUN@best` or `RUN@STEP`
 */
export async function storeCheckpointDictionary(database: Database, checkpointName: string, name: string) {
  const { run, checkpoint } = await requireCheckpoint(database, checkpointName)
  const { config, tensors } = foldCheckpoint(decodeCheckpoint(await readBlob(database.pool, checkpoint.blobId)))
  const { modelId, hook } = run.harvest
  const dictionary = Dictionary.create({ ...config, reshape_activations: reshapeFor(hook) }, tensors, checkpointName)
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
