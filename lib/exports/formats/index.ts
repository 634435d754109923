/** The registry of feature export formats. A new format is its file, its test and a line here. */
import { LoupeError, unknownName } from '../../../trainer/errors'
import type { ExportWhat, FeatureFormat } from './format'
import { csv } from './csv'
import { jsonl } from './jsonl'
import { neuronpedia } from './neuronpedia'
import { parquet } from './parquet'
import { TABLE_NAMES } from '../tables/schema'

export const FEATURE_FORMATS: readonly FeatureFormat[] = [jsonl, csv, parquet, neuronpedia]
export const FEATURE_FORMAT_NAMES: readonly string[] = FEATURE_FORMATS.map(({ name }) => name)
if (new Set(FEATURE_FORMAT_NAMES).size < FEATURE_FORMATS.length) throw new Error('two export formats share a name')

/** All possible contents of an export. */
export const EXPORT_WHATS: readonly ExportWhat[] = [...TABLE_NAMES, 'all']

export interface ExportChoice {
  what: ExportWhat
  format: FeatureFormat
}

/**
 * Checks that the format can hold the requested content. Without one, a format that can hold everything does so. Throws
 * `bad-usage` naming what the format can hold.
 */
export function requireChoice({ what, format: name }: { what?: string; format: string }): ExportChoice {
  const format = FEATURE_FORMATS.find((known) => known.name === name)
  if (!format) throw unknownName('format of feature exports', name, FEATURE_FORMAT_NAMES)
  const content = what ?? (format.whats.includes('all') ? 'all' : undefined)
  const fits = format.whats.find((known) => known === content)
  if (fits) return { what: fits, format }
  const problem =
    content === undefined
      ? `${name} holds one table per file, and the request names no table`
      : `${name} does not hold "${content}"`
  throw new LoupeError('bad-usage', problem, { remedy: `what ${name} can hold: ${format.whats.join(', ')}` })
}
