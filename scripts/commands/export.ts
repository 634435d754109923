import { resolve } from 'node:path'
import { z } from 'zod'
import { requireDictionary } from '../../lib/dictionaries'
import { exportKind } from '../../lib/jobs/kinds/export'
import { runJob } from '../../lib/jobs/run'
import { formatNames } from '../../trainer/formats/registry'
import { defineCommand } from '../cli/command'

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'write a dictionary in the files of another tool',
  options: z.strictObject({
    dictionary: z.string().describe('name of a dictionary'),
    format: z.enum(formatNames).describe('the tool that shall read it'),
    out: z.string().min(1).describe('a new folder'),
  }),
  async run({ options }, context) {
    const database = await context.database()
    const row = await requireDictionary(database, options.dictionary)
    const backend = await context.backend()
    const stage = context.terminal.stage('export', 'dictionaries')
    const spec = { dictionary: row.id, format: options.format, folder: resolve(options.out) }
    const result = await runJob(database, backend, exportKind, spec, stage).finally(() => stage.end())
    return { dictionary: row.name, ...(result as { folder: string; files: string[] }) }
  },
  render: ({ folder, files }) => files.map((file) => `${folder}/${file}`).join('\n'),
})
