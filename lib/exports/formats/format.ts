/** The record of a feature export format. */
import type { Batch } from '../tables/rows'
import type { ExportSource, FeatureRange } from '../tables/source'
import type { TableName } from '../tables/schema'

/** The content of an export: one table, or all of them. */
export type ExportWhat = TableName | 'all'

/** One file of an export, before it is written. */
export interface ExportFile {
  /** Relative to the export's folder, with `/`. */
  path: string
  /** Its rows, in the order of the features. Every call reads them again. */
  batches: () => AsyncIterable<Batch>
  encode: (batches: AsyncIterable<Batch>) => AsyncIterable<Uint8Array>
  /** The file is not written when it has no rows. */
  optional?: boolean
}

export interface FeatureFormat {
  name: string
  /** One line for people. */
  description: string
  /** The contents that it can hold. */
  whats: readonly ExportWhat[]
  /** Number of features in one part of a folder. */
  featuresPerPart(what: ExportWhat): number
  /** The files of one part of a folder. */
  files(source: ExportSource, what: ExportWhat, range: FeatureRange): ExportFile[]
  download: {
    contentType: string
    extension: string
    /** The whole export as one file. */
    chunks(source: ExportSource, what: ExportWhat): AsyncIterable<Uint8Array>
  }
}
