/** Reads documents from disk: a text file, a JSONL file, or a folder of both. */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, extname, join, relative } from 'node:path'
import { z } from 'zod'
import { LoupeError } from '../errors'
import type { Document } from './types'

const TEXT_EXTENSIONS = new Set(['.txt', '.md', '.text'])
const JSONL_EXTENSIONS = new Set(['.jsonl', '.ndjson'])

const Line = z.looseObject({ text: z.string().optional(), content: z.string().optional() })

export function readPath(path: string): Document[] {
  if (!statSync(path).isDirectory()) return readFile(path, basename(path))
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isCorpusFile(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  if (files.length === 0) {
    throw new LoupeError('bad-input', `the folder ${path} holds no text`, {
      remedy: `Loupe reads ${[...TEXT_EXTENSIONS, ...JSONL_EXTENSIONS].join(', ')} files, in subfolders too`,
    })
  }
  return files.flatMap((file) => readFile(file, relative(path, file)))
}

function isCorpusFile(name: string): boolean {
  return TEXT_EXTENSIONS.has(extname(name)) || JSONL_EXTENSIONS.has(extname(name))
}

function readFile(path: string, name: string): Document[] {
  const text = decodeUtf8(readFileSync(path), path)
  return JSONL_EXTENSIONS.has(extname(path)) ? readLines(text, name, path) : [{ name, text }]
}

function decodeUtf8(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new LoupeError('bad-input', `${path} is not UTF-8 text`, {
      remedy: 'convert it first, e.g. iconv -f latin1 -t utf-8',
      cause,
    })
  }
}

function readLines(text: string, name: string, path: string): Document[] {
  const documents: Document[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    documents.push({ name: `${name}:${index + 1}`, text: lineText(line, `${path}, line ${index + 1}`) })
  }
  return documents
}

function lineText(line: string, where: string): string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new LoupeError('bad-input', `${where} is not JSON: ${line.slice(0, 60)}`, { cause })
  }
  const parsed = Line.safeParse(value)
  const text = parsed.success ? (parsed.data.text ?? parsed.data.content) : undefined
  if (text === undefined) {
    throw new LoupeError('bad-input', `${where} has no string field "text" or "content": ${line.slice(0, 60)}`)
  }
  return text
}
