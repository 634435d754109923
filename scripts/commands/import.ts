/** `loupe import`: stores a dictionary that another tool trained. */
import { z } from 'zod'
import { basename, resolve } from 'node:path'
import { loupeCache } from '../../lib/base/config'
import { isTranscoder } from '../../trainer/sae/dictionary/site'
import type { Model } from '../../lib/db/generated/client'
import { requireFreeName } from '../../lib/dictionaries/rows'
import { storeDictionary } from '../../lib/dictionaries/weights'
import { hookWidthOf, targetWidthOf } from '../../lib/models/rows'
import { LoupeError } from '../../trainer/errors'
import { importDictionary } from '../../trainer/formats/locate'
import { formatNames } from '../../trainer/formats'
import { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { defineCommand } from '../cli/command'
import type { Context } from '../cli/context'
import { findModel } from '../cli/models'

export const importCommand = defineCommand({
  arguments: { source: 'a folder, a file of weights, or hub:owner/name/path[@revision]' },
  options: z.strictObject({
    format: z.enum(formatNames).optional().describe('format of the tool that wrote it; by default, its files decide'),
    name: z.string().min(1).optional().describe('name of the dictionary; default the name of the folder'),
    model: z.string().optional().describe('the model it belongs to (needs --hook)'),
    hook: z
      .string()
      .optional()
      .describe('the hook it reads; also the hook it writes unless it is a transcoder (needs --model)'),
    targetHook: z.string().optional().describe('the hook that a transcoder writes (needs --model and --hook)'),
  }),
  async run({ options, arguments: [source = ''] }, context) {
    if ((options.model === undefined) !== (options.hook === undefined)) {
      throw new LoupeError('bad-usage', '--model and --hook need each other')
    }
    if (options.targetHook !== undefined && options.hook === undefined) {
      throw new LoupeError('bad-usage', '--target-hook needs --model and --hook')
    }
    const database = await context.database()
    const name = options.name ?? defaultName(source)
    await requireFreeName(database, name)
    const files = await fetchFiles(source, options.format, context)
    const { format, config, tensors, metadata, warnings } = await importDictionary(files.path, options.format)
    const dictionary = Dictionary.create(config, tensors, source)
    const model = options.model === undefined ? undefined : await findModel(context, options.model)
    if (model) requireFit(dictionary, model, options.hook!, options.targetHook)
    for (const warning of warnings) context.terminal.warn(warning)
    await storeDictionary(database, {
      name,
      dictionary,
      origin: 'import',
      ...(model ? { modelId: model.id, hook: options.hook!, targetHook: options.targetHook } : {}),
      provenance: { format, folder: files.source, metadata, warnings },
    })
    return { dictionary: name, format, d_in: dictionary.d_in, d_sae: dictionary.d_sae, warnings }
  },
})

/** `hub:owner/name/a/b@c` → `name/a/b`; else the last part of the path. */
function defaultName(source: string): string {
  return source.startsWith('hub:')
    ? source.replace(/^hub:[^/]*\//, '').replace(/@[^@]*$/, '')
    : basename(resolve(source))
}

/** The path of the files on this machine, and their source. */
async function fetchFiles(
  source: string,
  format: string | undefined,
  context: Context,
): Promise<{ path: string; source: string }> {
  if (!source.startsWith('hub:')) return { path: source, source: resolve(source) }
  // Loaded on demand, because the library of the hub is large.
  const { fetchDictionary, parseHubDictionary } = await import('../../trainer/formats/hub')
  const address = parseHubDictionary(source)
  const stage = context.terminal.stage('fetch', 'B')
  return fetchDictionary(address, { cacheDir: loupeCache(), stage, format }).finally(() => stage.end())
}

function requireFit(dictionary: Dictionary, model: Model, hook: string, targetHook: string | undefined): void {
  requireWidth('reads', dictionary.d_in, hookWidthOf(model, hook), hook, model)
  if (targetHook === undefined) return
  if (!isTranscoder(dictionary)) {
    throw new LoupeError('mismatch', 'the dictionary is not a transcoder: it writes where it reads', {
      remedy: 'leave --target-hook out',
    })
  }
  requireWidth('writes', dictionary.d_out, targetWidthOf(model, hook, targetHook), targetHook, model)
}

function requireWidth(does: 'reads' | 'writes', width: number, expected: number, hook: string, { name }: Model): void {
  if (width === expected) return
  throw new LoupeError('mismatch', `the dictionary ${does} ${width} values, ${hook} of ${name} has ${expected}`, {
    remedy: 'name the model and hooks it was trained on',
  })
}
