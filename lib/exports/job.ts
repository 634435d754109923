/**
 * The job `export`: writes a dictionary's weights as a folder of another tool, or its feature statistics as tables. The
 * folder is on the machine of the worker, so workers that share a feature export must share the folder.
 */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { beginFolder, exportParts, finishFolder, requireManifest, writePart } from './files'

import { requireChoice } from './formats'
import { openSource, type ExportSource } from './tables/source'
import { exportWeights } from './weights'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { ExportedFile, exportJob, type ExportResult } from './schema'

type Spec = z.output<typeof exportJob.schema>
/** Features `[from, to)`. */
const Part = z.strictObject({ from: z.int().min(0), to: z.int().min(0) })

/** What a part of an export of weights, and one of an export of features, has written. */
const WeightsPart = z.object({ files: z.array(z.string()) })
const FeaturesPart = z.object({ files: z.array(ExportedFile) })

export const exportKind = defineJobKind({
  ...exportJob,
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
    if (what === 'weights')
      return {
        folder,
        files: z
          .array(WeightsPart)
          .parse(parts)
          .flatMap((part) => part.files),
      }
    const files = z
      .array(FeaturesPart)
      .parse(parts)
      .flatMap((part) => part.files)
    const source = await openBegun(spec, await rowOf(spec, context.database), context)
    await finishFolder(source, folder, files)
    const sum = (field: 'rows' | 'bytes') => files.reduce((total, file) => total + file[field], 0)
    return { folder, files: files.map(({ path }) => path), rows: sum('rows'), bytes: sum('bytes') }
  },
})

async function rowOf({ dictionary: id }: Spec, { prisma }: Database): Promise<DictionaryRow> {
  const row = await prisma.dictionary.findUnique({ where: { id } })
  if (row) return row
  throw new LoupeError('not-found', 'the dictionary to export was deleted')
}

/** The source with the labels that the export began with. */
async function openBegun({ folder }: Spec, row: DictionaryRow, { database, stage }: JobContext): Promise<ExportSource> {
  const { labels_until } = await requireManifest(folder)
  const labelsUntil = labels_until === null ? null : new Date(labels_until)
  return openSource(database, row, { signal: stage.signal, labelsUntil })
}
