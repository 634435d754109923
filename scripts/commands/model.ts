/** `loupe model add`, `list` and `show`. */
import { z } from 'zod'
import { addModel, requireModel } from '../../lib/models/load'
import { allModels } from '../../lib/models/rows'
import { KNOWN_MODELS } from '../../trainer/model/load/source'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'

export const modelAdd = defineCommand({
  arguments: { source: `its file, folder or hub address, or a known name: ${Object.keys(KNOWN_MODELS).join(', ')}` },
  options: z.strictObject({
    name: z.string().min(1).optional().describe('name for the model; by default made from the source'),
  }),
  async run({ options, arguments: [source = ''] }, context) {
    const database = await context.database()
    await context.backend()
    const stage = context.terminal.stage('model', 'B')
    const { row } = await addModel(database, source, { ...options, stage }).finally(() => stage.end())
    return { model: row.name, family: row.family, config: row.config, weightsHash: row.weightsHash }
  },
  render: ({ model, family }) => `${model} (${family})`,
})

export const modelList = defineCommand({
  options: z.strictObject({}),
  async run(_input, context) {
    const models = await allModels(await context.database())
    return { models: models.map(({ name, family, source, weightsHash }) => ({ name, family, source, weightsHash })) }
  },
  render: ({ models }) =>
    formatTable(
      ['model', 'family', 'source'],
      models.map((row) => [row.name, row.family, row.source]),
    ),
})

export const modelShow = defineCommand({
  arguments: { model: 'its name' },
  options: z.strictObject({}),
  async run({ arguments: [name = ''] }, context) {
    const database = await context.database()
    await context.backend()
    const row = await requireModel(database, name, context.terminal.stage('model', 'B'))
    const { config, family, source, files, weightsHash, tokenizerHash, createdAt } = row
    return { model: row.name, family, source, files, weightsHash, tokenizerHash, createdAt, config }
  },
})
