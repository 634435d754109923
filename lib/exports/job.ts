/**
 * Job `export`: a dictionary's weights as a folder of another tool, or what is known of its features as files of tables.
 * The folder is on the machine of the worker: workers that share the parts of a feature export share the folder too.
 */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { beginFolder, exportParts, finishFolder, requireManifest, writePart } from './files'
import type { ExportedFile } from './manifest'
import { requireChoice } from './registry'
import { openSource, type ExportSource } from './source'
import { exportWeights } from './weights'
import { defineJobKind, type JobContext } from '../jobs/kind'

const Spec = z.strictObject({
  dictionary: z.uuid(),
  what: z.string().default('weights').describe('weights, features, activations, labels or all'),
  format: z.string(),
  folder: z.string(),
})
type Spec = z.output<typeof Spec>
/** Features `[from, to)`. */
const Part = z.strictObject({ from: z.int().min(0), to: z.int().min(0) })

export interface ExportResult {
  folder: string
  /** Relative to the folder. */
  files: string[]
  /** Of a feature export. */
  rows?: number
  bytes?: number
}

export const exportKind = defineJobKind({
  name: 'export',
  unit: 'features',
  schema: Spec,
  part: Part,

  async plan(spec, context) {
    const row = await rowOf(spec, context.database)
    if (spec.what === 'weights') return [{ spec: { from: 0, to: row.dSae }, total: row.dSae }]
    const source = await openSource(context.database, row, { signal: context.stage.signal })
    const choice = requireChoice(spec)
    await beginFolder(source, choice, spec.folder)
    return exportParts(source, choice).map((range) => ({ spec: range, total: range.to - range.from }))
  },

  async run(spec, range, context) {
    const row = await rowOf(spec, context.database)
    if (spec.what === 'weights') return { files: await exportWeights(context.database, row, spec) }
    const source = await openBegun(spec, row, context)
    const report = (done: number) => context.stage.report(done, range.to - range.from)
    return { files: await writePart(source, requireChoice(spec), spec.folder, range, report) }
  },

  async finish(spec, parts, context): Promise<ExportResult> {
    const { folder, what } = spec
    if (what === 'weights') return { folder, files: parts.flatMap((part) => (part as { files: string[] }).files) }
    const files = parts.flatMap((part) => (part as { files: ExportedFile[] }).files)
    const source = await openBegun(spec, await rowOf(spec, context.database), context)
    await finishFolder(source, folder, files)
    const sum = (of: 'rows' | 'bytes') => files.reduce((total, file) => total + file[of], 0)
    return { folder, files: files.map(({ path }) => path), rows: sum('rows'), bytes: sum('bytes') }
  },
})

async function rowOf({ dictionary: id }: Spec, { prisma }: Database): Promise<DictionaryRow> {
  const row = await prisma.dictionary.findUnique({ where: { id } })
  if (row) return row
  throw new LoupeError('not-found', 'the dictionary to export is no longer there')
}

/** The source as it was when the folder was begun: with the labels of that moment. */
async function openBegun({ folder }: Spec, row: DictionaryRow, { database, stage }: JobContext): Promise<ExportSource> {
  const { labels_until } = await requireManifest(folder)
  const labelsUntil = labels_until === null ? null : new Date(labels_until)
  return openSource(database, row, { signal: stage.signal, labelsUntil })
}
