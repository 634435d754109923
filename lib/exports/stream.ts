/** An export as one file over HTTP. Computes nothing but the encoding; TensorFlow is not needed. */
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { slug } from './neuronpediaRows'
import { requireChoice } from './registry'
import { openSource, requireGoingOn, requireUnchanged, type ExportSource } from './source'

export interface ExportStream {
  /** To save it under. */
  filename: string
  contentType: string
  /** Rows are read as fast as they are taken; cancelling it stops the reading. */
  stream: ReadableStream<Uint8Array>
}

/**
 * The bytes of the one-file form of an export: a JSONL, CSV or Parquet file, or a tar of Neuronpedia's folder. Everything
 * that can be refused is refused before the first byte; a later failure breaks the stream.
 */
export async function exportStream(
  database: Database,
  dictionary: DictionaryRow,
  { what, format, signal }: { what?: string; format: string; signal: AbortSignal },
): Promise<ExportStream> {
  const choice = requireChoice({ what, format })
  const { download } = choice.format
  const source = await openSource(database, dictionary, { signal })
  const table = choice.what === 'all' ? choice.format.name : choice.what
  return {
    filename: `${slug(dictionary.name)}-${table}.${download.extension}`,
    contentType: download.contentType,
    stream: streamOf(watched(source, download.chunks(source, choice.what))),
  }
}

async function* watched(source: ExportSource, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    requireGoingOn(source)
    yield chunk
  }
  await requireUnchanged(source)
}

/** Asks for a chunk when the reader wants one. */
function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next()
      if (next.done) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await chunks.return(undefined)
    },
  })
}
