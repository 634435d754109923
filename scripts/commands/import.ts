import { z } from 'zod'
import { basename, resolve } from 'node:path'
import { requireFreeName } from '../../lib/dictionaries'
import { storeDictionary } from '../../lib/dictionaryWeights'
import { hookWidthOf } from '../../lib/models'
import { LoupeError } from '../../trainer/errors'
import { dictionaryFormat, formatNames } from '../../trainer/formats/registry'
import { Dictionary } from '../../trainer/sae/dictionary'
import { defineCommand } from '../cli/command'
import { findModel } from '../cli/models'

export const importCommand = defineCommand({
  name: 'import',
  summary: 'read a dictionary that another tool wrote',
  arguments: [{ name: 'folder', description: 'the folder it lies in' }],
  options: z.strictObject({
    format: z.enum(formatNames).describe('the tool that wrote it'),
    name: z.string().min(1).optional().describe('name of the dictionary; default the folder’s'),
    model: z.string().optional().describe('the model it belongs to (needs --hook)'),
    hook: z.string().optional().describe('the hook it reads and writes (needs --model)'),
  }),
  async run({ options, arguments: [folder = ''] }, context) {
    if ((options.model === undefined) !== (options.hook === undefined)) {
      throw new LoupeError('bad-usage', '--model and --hook belong together')
    }
    const database = await context.database()
    const name = options.name ?? basename(resolve(folder))
    await requireFreeName(database, name)
    const { config, tensors, metadata, warnings } = await dictionaryFormat(options.format).import(folder)
    const dictionary = Dictionary.create(config, tensors, folder)
    const tie = options.model === undefined ? undefined : await findModel(context, options.model)
    if (tie) requireFit(dictionary, hookWidthOf(tie, options.hook!), options.hook!, tie.name)
    for (const warning of warnings) context.terminal.warn(warning)
    await storeDictionary(database, {
      ...{ name, dictionary, origin: 'import' },
      ...(tie ? { modelId: tie.id, hook: options.hook! } : {}),
      provenance: { format: options.format, folder: resolve(folder), metadata, warnings },
    })
    return { dictionary: name, d_in: dictionary.d_in, d_sae: dictionary.d_sae, warnings }
  },
})

function requireFit(dictionary: Dictionary, width: number, hook: string, model: string): void {
  if (dictionary.d_in === width) return
  throw new LoupeError('mismatch', `the dictionary reads ${dictionary.d_in} values, ${hook} of ${model} has ${width}`, {
    remedy: 'name the model and hook it was trained on',
  })
}
