/** Writes results of the suite as SAEBench's files, `<release>_<sae>_eval_results.json` by kind of evaluation. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LoupeError } from '../../trainer/errors'
import { saeBenchAbsorption, saeBenchCore, saeBenchSparseProbing } from '../../trainer/evaluate/suite/saeBench'
import { projectVersion } from '../base/version'
import type { Database } from '../db/connect'
import { configOf, modelNames, type DictionaryRow } from '../dictionaries/rows'
import { newestSuiteRow } from './rows'

const FILES = [
  { kind: 'core-categories', folder: 'core', make: saeBenchCore },
  { kind: 'sparse-probing', folder: 'sparse_probing', make: saeBenchSparseProbing },
  { kind: 'absorption', folder: 'absorption', make: saeBenchAbsorption },
] as const

/**
 * Writes the newest stored result of each kind; returns the files.
 * @throws LoupeError where none of the three has been measured
 */
export async function writeSaeBench(database: Database, row: DictionaryRow, folder: string): Promise<string[]> {
  const names = await modelNames(database, [row])
  const model = names.get(row.modelId ?? '')
  const release = fileName(model ?? 'loupe')
  const files: string[] = []
  for (const { kind, folder: subfolder, make } of FILES) {
    const result = await newestSuiteRow(database, row.id, kind)
    if (!result) continue
    const { config, metrics, ...origin } = result
    const content = make({
      ...origin,
      model: model ?? '',
      release,
      sae: row.name,
      version: projectVersion,
      dictionary: { ...configOf(row), hook_name: row.hook },
      settings: config.settings,
      result: metrics,
    })
    mkdirSync(join(folder, subfolder), { recursive: true })
    const file = join(folder, subfolder, `${release}_${fileName(row.name)}_eval_results.json`)
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
    files.push(file)
  }
  if (files.length > 0) return files
  throw new LoupeError('not-found', `no result of ${row.name} has a file in SAEBench`, {
    remedy: `npx loupe evaluate --dictionary ${row.name} --suite core,sparse-probing,absorption --saebench DIR`,
  })
}

/** The name of a file cannot hold slashes and spaces; different names stay different. */
export function fileName(name: string): string {
  return encodeURIComponent(name).replaceAll('*', '%2A')
}
