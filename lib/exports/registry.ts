/** Every format of feature exports, listed once. A new one is its file, its test and a line here. */
import { LoupeError, unknownName } from '../../trainer/errors'
import type { ExportWhat, FeatureFormat } from './format'
import { csv } from './formats/csv'
import { jsonl } from './formats/jsonl'
import { neuronpedia } from './formats/neuronpedia'
import { parquet } from './formats/parquet'
import { TABLE_NAMES } from './tables'

export const FEATURE_FORMATS: readonly FeatureFormat[] = [jsonl, csv, parquet, neuronpedia]
export const FEATURE_FORMAT_NAMES: readonly string[] = FEATURE_FORMATS.map(({ name }) => name)
/** What can be asked for. */
export const EXPORT_WHATS: readonly ExportWhat[] = [...TABLE_NAMES, 'all']

export interface ExportChoice {
  what: ExportWhat
  format: FeatureFormat
}

/**
 * Checks that the format holds what was asked for; a format that holds all at once does so by default. Throws
 * `bad-usage` naming what fits.
 */
export function requireChoice({ what, format: name }: { what?: string; format: string }): ExportChoice {
  const format = FEATURE_FORMATS.find((known) => known.name === name)
  if (!format) throw unknownName('format of feature exports', name, FEATURE_FORMAT_NAMES)
  const wanted = what ?? (format.whats.includes('all') ? 'all' : undefined)
  const fits = format.whats.find((known) => known === wanted)
  if (fits) return { what: fits, format }
  const found =
    wanted === undefined ? `${name} holds one table a file, and none is named` : `${name} does not hold "${wanted}"`
  throw new LoupeError('bad-usage', found, { remedy: `what ${name} can hold: ${format.whats.join(', ')}` })
}
