/** Neuronpedia's bulk layout: rows of its tables as JSON lines, the large files gzipped, 1024 features per batch. */
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { ExportFile, ExportWhat, FeatureFormat } from './format'
import { currentLabel, readLabels } from '../tables/labels'
import {
  activationRow,
  explanationRow,
  modelRow,
  neuronpediaNames,
  neuronRow,
  releaseRow,
  sourceRow,
  sourceSetRow,
} from './neuronpediaRows'
import { FEATURES_AT_ONCE, type Batch } from '../tables/rows'
import { wholeRange, type ExportSource, type FeatureRange } from '../tables/source'
import { storedExamples, storedFeatures, subranges } from '../tables/stored'
import { TABLE_NAMES, type TableName } from '../tables/schema'
import { tarEnd, tarEntry } from './tar'
import { jsonLines } from './jsonl'

const BATCH_FEATURES = 1024
const GZIP = { level: 5, chunkSize: 2 ** 18 }

export const neuronpedia: FeatureFormat = {
  name: 'neuronpedia',
  description: 'the files Neuronpedia imports in bulk: features, activations and explanations as gzipped JSON lines',
  whats: ['all', ...TABLE_NAMES],
  featuresPerPart: () => BATCH_FEATURES,
  files(source, what, range) {
    const { modelId, sourceId } = neuronpediaNames(source)
    const path = (name: string) => `${modelId}/${sourceId}/${name}`
    const head = range.from === 0 ? headFiles(source, path) : []
    const tables = what === 'all' ? TABLE_NAMES : [what]
    return [...head, ...tables.map((table) => batchFile(source, table, range, path))]
  },
  download: { contentType: 'application/x-tar', extension: 'tar', chunks: tarOf },
}

function headFiles(source: ExportSource, path: (name: string) => string): ExportFile[] {
  const rows = { release: releaseRow, model: modelRow, sourceset: sourceSetRow, source: sourceRow }
  return Object.entries(rows).map(([name, row]) => ({
    path: path(`${name}.jsonl`),
    batches: async function* () {
      yield await Promise.resolve({ to: 0, rows: [row(source)] })
    },
    encode: jsonLines,
  }))
}

const TABLES = {
  features: { folder: 'features', rows: neuronRows },
  activations: { folder: 'activations', rows: exampleRows },
  labels: { folder: 'explanations', rows: explanationRows },
} as const satisfies Record<TableName, object>

function batchFile(
  source: ExportSource,
  table: TableName,
  range: FeatureRange,
  path: (name: string) => string,
): ExportFile {
  const { folder, rows } = TABLES[table]
  return {
    path: path(`${folder}/batch-${range.from / BATCH_FEATURES}.jsonl.gz`),
    batches: () => rows(source, range),
    encode: (batches) => gzipped(jsonLines(batches)),
    // The importer reads the columns from the first line, so an empty file would fail.
    optional: true,
  }
}

async function* neuronRows(source: ExportSource, range: FeatureRange): AsyncGenerator<Batch> {
  for (const part of subranges(range, FEATURES_AT_ONCE.features)) {
    const features = await storedFeatures(source, part)
    yield { to: part.to, rows: features.map((feature) => neuronRow(source, feature)) }
  }
}

async function* exampleRows(source: ExportSource, range: FeatureRange): AsyncGenerator<Batch> {
  for (const part of subranges(range, FEATURES_AT_ONCE.activations)) {
    const examples = await storedExamples(source, part)
    yield { to: part.to, rows: examples.map((example) => activationRow(source, example)) }
  }
}

async function* explanationRows(source: ExportSource, range: FeatureRange): AsyncGenerator<Batch> {
  const rows: object[] = []
  for (const [feature, history] of await readLabels(source, range)) {
    const label = currentLabel(history)
    if (label) rows.push(explanationRow(source, feature, label))
  }
  yield { to: range.to, rows }
}

async function* gzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip(GZIP)
  // An error ends both streams; the loop below throws it.
  pipeline(Readable.from(chunks, { objectMode: true }), gzip, () => undefined)
  yield* gzip as AsyncIterable<Uint8Array>
}

/** The folder as one archive. A header needs the length of its file, so each file is held in memory once. */
async function* tarOf(source: ExportSource, what: ExportWhat): AsyncGenerator<Uint8Array> {
  const modified = source.statistics.finishedAt ?? source.statistics.createdAt
  for (const range of subranges(wholeRange(source), BATCH_FEATURES)) {
    for (const file of neuronpedia.files(source, what, range)) {
      const { rows, bytes } = await contentOf(file)
      if (rows > 0) yield* tarEntry(file.path, bytes, modified)
    }
  }
  yield tarEnd()
}

async function contentOf(file: ExportFile): Promise<{ rows: number; bytes: Buffer }> {
  let rows = 0
  const counted = async function* () {
    for await (const batch of file.batches()) {
      rows += batch.rows.length
      yield batch
    }
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of file.encode(counted())) chunks.push(chunk)
  return { rows, bytes: Buffer.concat(chunks) }
}
