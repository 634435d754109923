/** What a format of feature exports is. */
import type { Batch } from './rows'
import type { ExportSource, FeatureRange } from './source'
import type { TableName } from './tables'

/** One table, or all that the format holds. */
export type ExportWhat = TableName | 'all'

/** One file of an export, before it is written. */
export interface ExportFile {
  /** Relative to the export's folder, with `/`. */
  path: string
  /** Its rows, in order of features. Every call reads them anew. */
  batches: () => AsyncIterable<Batch>
  encode: (batches: AsyncIterable<Batch>) => AsyncIterable<Uint8Array>
  /** Left out when it has no rows. */
  optional?: boolean
}

export interface FeatureFormat {
  name: string
  /** One line for people. */
  description: string
  /** What it can hold. */
  whats: readonly ExportWhat[]
  /** Features that one part of a folder holds. */
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
