/** Command `export`: writes weights or feature tables of a dictionary as files. */
import { resolve } from 'node:path'
import { z } from 'zod'
import { requireDictionary } from '../../lib/dictionaries/rows'
import { EXPORT_WHATS, FEATURE_FORMATS, FEATURE_FORMAT_NAMES, requireChoice } from '../../lib/exports/formats'
import { exportKind } from '../../lib/exports/job'
import { ExportResult } from '../../lib/exports/schema'
import { runJob } from '../../lib/jobs/run'
import { LoupeError } from '../../trainer/errors'
import { formatNames } from '../../trainer/formats'
import { defineCommand } from '../cli/command'

export const exportCommand = defineCommand({
  options: z.strictObject({
    dictionary: z.string().describe('name of a dictionary'),
    what: z
      .enum(['weights', ...EXPORT_WHATS])
      .optional()
      .describe('default weights; neuronpedia also accepts all, its default'),
    format: z
      .enum([...formatNames, ...FEATURE_FORMAT_NAMES])
      .describe(`for weights ${formatNames.join(', ')}; for the others ${FEATURE_FORMAT_NAMES.join(', ')}`),
    out: z.string().min(1).describe('a new folder, or the folder of the same export to continue it'),
  }),
  async run({ options }, context) {
    const what = contentOf(options)
    const database = await context.database()
    const row = await requireDictionary(database, options.dictionary)
    const backend = await context.backend()
    const stage = context.terminal.stage('export', 'features')
    const spec = { dictionary: row.id, what, format: options.format, folder: resolve(options.out) }
    const result = ExportResult.parse(await runJob(database, backend, exportKind, spec, stage))
    return { dictionary: row.name, what, format: options.format, ...result, ...stage.end() }
  },
  render({ folder, files, rows, bytes }) {
    if (rows === undefined || bytes === undefined) return files.map((file) => `${folder}/${file}`).join('\n')
    const size = `${(bytes / 1e6).toFixed(1)} MB`
    return `${rows.toLocaleString('en-US')} rows in ${files.length} files, ${size}: ${folder}/manifest.json`
  },
})

/** The content to write. Refuses a content that the format cannot hold, before anything is opened. */
function contentOf({ what, format }: { what?: string; format: string }): string {
  const isWeights = formatNames.includes(format)
  if (what === 'weights' || (what === undefined && isWeights)) {
    if (isWeights) return 'weights'
    throw misfit('weights', format, formatNames)
  }
  if (isWeights) {
    const fitting = FEATURE_FORMATS.filter(({ whats }) => whats.some((known) => known === what))
    throw misfit(
      what ?? 'features',
      format,
      fitting.map(({ name }) => name),
    )
  }
  return requireChoice({ what, format }).what
}

function misfit(what: string, format: string, fits: readonly string[]): LoupeError {
  return new LoupeError('bad-usage', `--what ${what} cannot be written as ${format}`, {
    remedy: `formats for ${what}: ${fits.join(', ')}`,
  })
}
