/** Texts with a label each, for probes. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LoupeError } from '../errors'
import { BROWN_GENRES, readBrown } from './brown'
import type { Document } from './types'

export interface LabelledDocument extends Document {
  label: string
}

export interface LabelledCorpus {
  name: string
  /** sha256 over names, labels and texts, in order. */
  hash: string
  documents: LabelledDocument[]
}

/** The Brown corpus, labelled by genre. */
export function brownByGenre(): LabelledCorpus {
  return named(
    'brown',
    readBrown().map((document) => ({ ...document, label: BROWN_GENRES[document.name[1]!]! })),
  )
}

const Line = z.looseObject({ text: z.string().regex(/\S/), label: z.string().min(1) })

/**
 * A JSONL file of `{"text": …, "label": …}`; every line is one document.
 * @throws LoupeError naming the first line of another form, and for fewer than two labels
 */
export function readLabelled(path: string): LabelledCorpus {
  const documents: LabelledDocument[] = []
  for (const [index, line] of read(path).split('\n').entries()) {
    if (line.trim() === '') continue
    const where = `${path}, line ${index + 1}`
    documents.push({ name: `line ${index + 1}`, ...labelledLine(line, where) })
  }
  const labels = new Set(documents.map(({ label }) => label))
  if (labels.size < 2) {
    throw new LoupeError('bad-input', `${path} has ${labels.size} label(s), a probe needs at least two`, {
      remedy: 'every line is {"text": "…", "label": "…"}',
    })
  }
  return named(path, documents)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new LoupeError('not-found', `${path} cannot be read`, { remedy: 'check the path', cause })
  }
}

function labelledLine(line: string, where: string): { text: string; label: string } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new LoupeError('bad-input', `${where} is not JSON: ${line.slice(0, 60)}`, {
      remedy: 'every line is {"text": "…", "label": "…"}',
      cause,
    })
  }
  const parsed = Line.safeParse(value)
  if (parsed.success) return { text: parsed.data.text, label: parsed.data.label }
  throw new LoupeError('bad-input', `${where} has no strings "text" and "label": ${line.slice(0, 60)}`, {
    remedy: 'every line is {"text": "…", "label": "…"}',
  })
}

function named(name: string, documents: LabelledDocument[]): LabelledCorpus {
  const hash = createHash('sha256')
  for (const { name: document, label, text } of documents) hash.update(`${document}\0${label}\0${text}\0`)
  return { name, hash: hash.digest('hex'), documents }
}
