/** An export as one file, for HTTP. It needs no TensorFlow. */
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { slug } from './formats/neuronpediaRows'
import { requireChoice } from './formats'
import { openSource, requireNotCancelled, requireUnchanged, type ExportSource } from './tables/source'

export interface ExportStream {
  /** Suggested name of the file. */
  filename: string
  contentType: string
  /** Rows are read as fast as the reader takes them; cancelling stops the reading. */
  stream: ReadableStream<Uint8Array>
}

/**
 * An export as one file: a JSONL, CSV or Parquet file, or a tar of Neuronpedia's folder. Wrong requests are refused
 * before the first byte; a later error breaks the stream.
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
    stream: streamOf(checked(source, download.chunks(source, choice.what))),
  }
}

async function* checked(source: ExportSource, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    requireNotCancelled(source)
    yield chunk
  }
  await requireUnchanged(source)
}

/** Reads a chunk when the reader asks for one. */
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
