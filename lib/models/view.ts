/** The models that were added, in short: sizes and hooks, from their configuration alone. */
import { z } from 'zod'
import { hookShapes } from '../../trainer/model/runtime/transformer'
import type { ModelConfig } from '../../trainer/model/types'
import type { Database } from '../db/connect'
import { readVocabulary } from './vocabulary'

export const ListedModel = z.strictObject({
  id: z.string().describe('Id of the model'),
  name: z.string().describe('Name of the model'),
  family: z.string().describe('Architecture of the model'),
  layers: z.int().describe('Number of layers'),
  dModel: z.int().describe('Width of the residual stream'),
  context: z.int().describe('Most tokens of one text'),
  vocabulary: z.int().describe('Tokens that have a text; 0 without a tokenizer'),
  hooks: z
    .array(
      z.strictObject({
        name: z.string().describe('Name of the hook'),
        width: z.int().describe('Numbers at one position, over all heads'),
      }),
    )
    .describe('Where values can be read and edited, in order of computation; attention patterns are left out'),
})
export type ListedModel = z.output<typeof ListedModel>

/** By name. */
export async function listModels(database: Database): Promise<ListedModel[]> {
  const rows = await database.prisma.model.findMany({ orderBy: { name: 'asc' } })
  return Promise.all(
    rows.map(async ({ id, name, family, config }) => {
      const { n_layers, d_model, n_ctx } = config as unknown as ModelConfig
      const { size: vocabulary } = await readVocabulary(database, id)
      const facts = { id, name, family, layers: n_layers, dModel: d_model, context: n_ctx, vocabulary }
      return { ...facts, hooks: editableHooks(config as unknown as ModelConfig) }
    }),
  )
}

function editableHooks(config: ModelConfig): ListedModel['hooks'] {
  return [...hookShapes(config)]
    .filter(([name]) => !name.endsWith('hook_pattern'))
    .map(([name, shape]) => ({ name, width: shape.reduce((product, size) => product * size, 1) }))
}
