/** Opening a corpus by name or path. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { LoupeError, unknownName } from '../errors'
import { readBrown } from './brown'
import { readPath } from './files'
import { readSotu } from './sotu'
import type { Corpus, Document } from './types'

/** Corpora that a package ships, by name. */
const NAMED: Readonly<Record<string, () => Document[]>> = { sotu: readSotu, brown: readBrown }

export const CORPUS_NAMES = Object.keys(NAMED)

/** Fewer documents than this cannot be divided into training and held-out ones; they are cut into sections. */
const MIN_DOCUMENTS = 5
const SECTIONS = 20

/** Opens `sotu`, `brown`, a text file, a JSONL file (`{"text": …}` lines) or a folder of them. */
export function openCorpus(source: string): Corpus {
  const named = NAMED[source]
  if (!named && !existsSync(source)) throw unknownName('corpus, file or folder', source, CORPUS_NAMES)
  const documents = (named ? named() : readPath(source)).filter(({ text }) => text.trim() !== '')
  if (documents.length === 0) throw new LoupeError('bad-input', `the corpus ${source} is empty`)
  const corpus = { name: named ? source : resolve(source), hash: hashOf(documents), documents, notes: [] }
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
  const note = `${corpus.documents.length} text(s) cut into ${sections.length} sections: held-out sections are of the same texts`
  return { ...corpus, documents: sections, notes: [...corpus.notes, note] }
}

function cut(text: string, target: number): string[] {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    const wanted = Math.min(text.length, from + target)
    const lineEnd = text.indexOf('\n', wanted)
    const to = lineEnd === -1 || lineEnd > wanted + target ? wanted : lineEnd + 1
    parts.push(text.slice(from, to))
    from = to
  }
  return parts.filter((part) => part.trim() !== '')
}
