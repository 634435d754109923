/** Models and dictionaries in the memory of the compute process. */
import { totalmem } from 'node:os'
import { silentStage } from '../../trainer/progress'
import type { LoadedModel, ModelConfig } from '../../trainer/model/types'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { openDictionary } from '../dictionaries/weights'
import { loadModel, type Model } from '../models/rows'
import { SharedCache, type Lease } from './sharedCache'

export interface HeldModel {
  row: Model
  loaded: LoadedModel
}

/** Shares of the memory this process may use, beyond which what is idle is closed. */
const MODELS_SHARE = 0.4
const DICTIONARIES_SHARE = 0.2
const MOST_MODELS = 4
const MOST_DICTIONARIES = 64

export class Resources {
  private readonly models: SharedCache<HeldModel>
  private readonly dictionaries: SharedCache<Dictionary>

  constructor(
    readonly database: Database,
    memory = Math.min(totalmem(), process.constrainedMemory() || Infinity),
  ) {
    this.models = new SharedCache({ bytes: memory * MODELS_SHARE, entries: MOST_MODELS })
    this.dictionaries = new SharedCache({ bytes: memory * DICTIONARIES_SHARE, entries: MOST_DICTIONARIES })
  }

  model(row: Model): Promise<Lease<HeldModel>> {
    return this.models.acquire(row.id, async () => {
      const loaded = await loadModel(this.database, row, silentStage())
      const { model } = loaded
      return { value: { row, loaded }, bytes: modelBytes(model.config), close: () => model.dispose() }
    })
  }

  dictionary(row: DictionaryRow): Promise<Lease<Dictionary>> {
    return this.dictionaries.acquire(row.id, async () => {
      const dictionary = await openDictionary(this.database, row)
      return { value: dictionary, bytes: dictionaryBytes(dictionary), close: () => dictionary.dispose() }
    })
  }

  /** Names of the models in memory. */
  modelNames(): string[] {
    return this.models.values().map(({ row }) => row.name)
  }
}

/** Weights in float32; norms and biases are nothing beside the matrices. */
function modelBytes(config: ModelConfig): number {
  const { n_layers, d_model, n_heads, n_kv_heads, d_head, d_mlp, d_vocab, tied_embeddings } = config
  const block = d_model * d_head * 2 * (n_heads + n_kv_heads) + 3 * d_model * d_mlp
  return 4 * (n_layers * block + d_model * d_vocab * (tied_embeddings ? 1 : 2))
}

/** In plain memory and on the device. */
function dictionaryBytes({ tensors }: Dictionary): number {
  return 2 * Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0)
}
