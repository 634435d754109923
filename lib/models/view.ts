/** The models that were added: sizes and hooks, from their stored configuration alone. */
import { isPattern } from '../../trainer/model/hooks'
import { sizeOf } from '../../trainer/tensors/arrays'
import type { Database } from '../db/connect'
import { allModels, hookShapesOf, modelConfigOf, type Model } from './rows'
import type { ListedModel } from './schema'
import { readVocabulary } from './vocabulary'

/** By name. */
export async function listModels(database: Database): Promise<ListedModel[]> {
  const rows = await allModels(database)
  return Promise.all(
    rows.map(async (row) => {
      const { n_layers, d_model, n_ctx } = modelConfigOf(row)
      return {
        id: row.id,
        name: row.name,
        family: row.family,
        layers: n_layers,
        dModel: d_model,
        context: n_ctx,
        vocabulary: (await readVocabulary(database, row.id)).size,
        hooks: editableHooks(row),
      }
    }),
  )
}

function editableHooks(row: Model): ListedModel['hooks'] {
  return [...hookShapesOf(row)]
    .filter(([name]) => !isPattern(name))
    .map(([name, shape]) => ({ name, width: sizeOf(shape) }))
}
