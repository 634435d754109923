/** Opens a corpus by name or path. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { LoupeError, unknownName } from '../errors'
import { readBrown } from './brown'
import { readPath } from './files'
import { CORPUS_NAMES, type CorpusName } from './names'
import { readSotu } from './sotu'
import type { Corpus, Document } from './types'

const READERS: Readonly<Record<CorpusName, () => Document[]>> = { sotu: readSotu, brown: readBrown }

const isName = (source: string): source is CorpusName => (CORPUS_NAMES as readonly string[]).includes(source)

/** A corpus with fewer documents is cut into sections, so that some can be held out. */
const MIN_DOCUMENTS = 5
const SECTIONS = 20

/** Opens `sotu`, `brown`, a text file, a JSONL file (`{"text": …}` lines) or a folder of them. */
export function openCorpus(source: string): Corpus {
  if (!isName(source) && !existsSync(source)) throw unknownName('corpus, file or folder', source, CORPUS_NAMES)
  const documents = (isName(source) ? READERS[source]() : readPath(source)).filter(({ text }) => text.trim() !== '')
  if (documents.length === 0) throw new LoupeError('bad-input', `the corpus ${source} is empty`)
  const corpus = { name: isName(source) ? source : resolve(source), hash: hashOf(documents), documents, notes: [] }
  return documents.length < MIN_DOCUMENTS ? inSections(corpus) : corpus
}

function hashOf(documents: readonly Document[]): string {
  const hash = createHash('sha256')
  for (const { name, text } of documents) hash.update(`${name}\0${text}\0`)
  return hash.digest('hex')
}

/** Cuts a corpus of very few texts at line ends into about twenty sections, so that some can be held out. */
function inSections(corpus: Corpus): Corpus {
  const length = corpus.documents.reduce((sum, { text }) => sum + text.length, 0)
  const target = Math.ceil(length / SECTIONS)
  const sections = corpus.documents.flatMap(({ name, text }) =>
    cut(text, target).map((part, index) => ({
      name: `${name}, section ${index + 1}`,
      text: part,
    })),
  )
  const note = `${corpus.documents.length} text(s) cut into ${sections.length} sections: held-out sections come from the same texts`
  return { ...corpus, documents: sections, notes: [...corpus.notes, note] }
}

function cut(text: string, target: number): string[] {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    const goal = Math.min(text.length, from + target)
    const lineEnd = text.indexOf('\n', goal)
    const to = lineEnd === -1 || lineEnd > goal + target ? goal : lineEnd + 1
    parts.push(text.slice(from, to))
    from = to
  }
  return parts.filter((part) => part.trim() !== '')
}
