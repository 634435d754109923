/** The models and dictionaries in the memory of the compute process, shared by its requests. */
import { totalmem } from 'node:os'
import { silentStage } from '../../trainer/progress'
import { parameterCount } from '../../trainer/model/families'
import type { LoadedModel } from '../../trainer/model/types'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { openDictionary } from '../dictionaries/weights'
import { loadModel } from '../models/load'
import type { Model } from '../models/rows'
import { SharedCache, type Lease } from './sharedCache'

export interface HeldModel {
  row: Model
  loaded: LoadedModel
}

/** Shares of the memory of this process. Above them, idle models and dictionaries are closed. */
const MODELS_SHARE = 0.4
const DICTIONARIES_SHARE = 0.2
const MAX_MODELS = 4
const MAX_DICTIONARIES = 64

export class Resources {
  private readonly models: SharedCache<HeldModel>
  private readonly dictionaries: SharedCache<Dictionary>

  constructor(
    readonly database: Database,
    memory = Math.min(totalmem(), process.constrainedMemory() || Infinity),
  ) {
    this.models = new SharedCache({ bytes: memory * MODELS_SHARE, entries: MAX_MODELS })
    this.dictionaries = new SharedCache({ bytes: memory * DICTIONARIES_SHARE, entries: MAX_DICTIONARIES })
  }

  model(row: Model): Promise<Lease<HeldModel>> {
    return this.models.acquire(row.id, async () => {
      const loaded = await loadModel(this.database, row, silentStage())
      const { model } = loaded
      const bytes = Float32Array.BYTES_PER_ELEMENT * parameterCount(model.config)
      return { value: { row, loaded }, bytes, close: () => model.dispose() }
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

/** Each tensor is in plain memory and on the device. */
function dictionaryBytes({ tensors }: Dictionary): number {
  return 2 * Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0)
}
