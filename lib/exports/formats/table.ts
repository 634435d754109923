/** Formats with one table per file. */
import type { ExportFile, ExportWhat, FeatureFormat } from './format'
import { ROWS, type Batch } from '../tables/rows'
import { wholeRange, type ExportSource, type FeatureRange } from '../tables/source'
import { TABLES, TABLE_NAMES, type TableName } from '../tables/schema'

export type TableSchema = (typeof TABLES)[TableName]

export interface TableEncoding {
  name: string
  description: string
  contentType: string
  /** Bytes of one file; `table` names the schema of the rows. */
  encode: (table: TableSchema, batches: AsyncIterable<Batch>) => AsyncIterable<Uint8Array>
}

const FEATURES_PER_PART: Record<TableName, number> = { features: 4096, activations: 1024, labels: 65_536 }

/** A format that writes `features-00000.csv`, `features-00001.csv` … */
export function tableFormat({ name, description, contentType, encode }: TableEncoding): FeatureFormat {
  const file = (source: ExportSource, table: TableName, range: FeatureRange): ExportFile => ({
    path: `${table}-${String(Math.floor(range.from / FEATURES_PER_PART[table])).padStart(5, '0')}.${name}`,
    batches: () => ROWS[table](source, range),
    encode: (batches) => encode(TABLES[table], batches),
  })
  return {
    name,
    description,
    whats: TABLE_NAMES,
    featuresPerPart: (what) => FEATURES_PER_PART[asTable(what)],
    files: (source, what, range) => [file(source, asTable(what), range)],
    download: {
      contentType,
      extension: name,
      chunks(source, what) {
        const { batches, encode: bytes } = file(source, asTable(what), wholeRange(source))
        return bytes(batches())
      },
    },
  }
}

/** Cannot fail: `whats` lists tables only, and the registry refuses everything else. */
function asTable(what: ExportWhat): TableName {
  if (what === 'all') throw new RangeError('a table format holds one table')
  return what
}
