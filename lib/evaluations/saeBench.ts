/** Results of the suite as SAEBench's files, `<release>_<sae>_eval_results.json` by kind of evaluation. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LoupeError } from '../../trainer/errors'
import { saeBenchAbsorption, saeBenchCore, saeBenchSparseProbing } from '../../trainer/evaluate/suite/saeBench'
import type { Stored } from '../../trainer/evaluate/suite/saeBench'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { projectVersion } from '../base/version'

const WRITTEN = {
  'core-categories': { folder: 'core', make: saeBenchCore },
  'sparse-probing': { folder: 'sparse_probing', make: saeBenchSparseProbing },
  absorption: { folder: 'absorption', make: saeBenchAbsorption },
} as const

/**
 * Writes the newest stored result of each kind; returns the files.
 * @throws LoupeError where nothing of the three has been measured
 */
export async function writeSaeBench(database: Database, row: DictionaryRow, folder: string): Promise<string[]> {
  const model = row.modelId
    ? await database.prisma.model.findUnique({ where: { id: row.modelId }, select: { name: true } })
    : null
  const release = fileName(model?.name ?? 'loupe')
  const files: string[] = []
  for (const [kind, { folder: place, make }] of Object.entries(WRITTEN)) {
    const found = await database.prisma.evaluation.findFirst({
      where: { dictionaryId: row.id, kind },
      orderBy: { createdAt: 'desc' },
    })
    if (!found) continue
    const config = found.config as { settings: Record<string, unknown>; harvest: string }
    const harvest = await database.prisma.harvest.findUnique({ where: { id: config.harvest } })
    const stored = {
      id: found.id,
      createdAt: found.createdAt,
      model: model?.name ?? '',
      release,
      sae: row.name,
      version: projectVersion,
      dictionary: { ...(row.config as object), hook_name: row.hook },
      settings: config.settings,
      contextSize: harvest?.contextSize ?? null,
      engine: found.engine,
      result: found.metrics as unknown as Stored['result'],
    }
    mkdirSync(join(folder, place), { recursive: true })
    const file = join(folder, place, `${release}_${fileName(row.name)}_eval_results.json`)
    writeFileSync(file, `${JSON.stringify(make(stored), null, 2)}\n`)
    files.push(file)
  }
  if (files.length > 0) return files
  throw new LoupeError('not-found', `nothing of ${row.name} has been measured that SAEBench has a file for`, {
    remedy: `npx loupe evaluate --dictionary ${row.name} --suite core,sparse-probing,absorption --saebench DIR`,
  })
}

/** Slashes and spaces cannot be in the name of a file; different names stay different. */
export function fileName(name: string): string {
  return encodeURIComponent(name).replaceAll('*', '%2A')
}
