/** Finds the dictionary that a path means, by the names of its files. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { LoupeError } from '../errors'
import type { DictionaryFiles, DictionaryFormat, ImportedDictionary } from './format'
import { candidateFormats } from '.'

export interface Import extends ImportedDictionary {
  /** Name of the format. */
  format: string
}

/**
 * Reads a dictionary that another tool wrote.
 * @param path its folder, or its file of weights
 * @param format its name; without a name, the names of the files decide
 * @throws LoupeError saying what the folder contains where it has no dictionary, or what is wrong with its files
 */
export async function importDictionary(path: string, format?: string): Promise<Import> {
  const { dir, wanted } = await folderOf(path)
  const names = await readdir(dir)
  const match = recognise(names, path, { format, wanted })
  return { ...(await match.format.import({ dir, files: match.files })), format: match.format.name }
}

/**
 * The format of a folder by the names of its files.
 * @param where the folder, for messages
 * @param known the format and the file of weights, where they are known
 */
export function recognise(
  names: readonly string[],
  where: string,
  known: { format?: string; wanted?: string } = {},
): { format: DictionaryFormat; files: DictionaryFiles } {
  const candidates = candidateFormats(known.format)
  for (const format of candidates) {
    const files = format.find(names, known.wanted)
    if (files) return { format, files }
  }
  const [only] = candidates.length === 1 ? candidates : []
  const kind = only ? `${only.name} dictionary` : 'dictionary of a known format'
  const holds = candidates.map(({ name, holds }) => `${name}: ${holds}`).join('; ')
  throw new LoupeError('not-found', `${where} has no ${kind}; it contains ${listed(names)}`, { remedy: holds })
}

async function folderOf(path: string): Promise<{ dir: string; wanted?: string }> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new LoupeError('not-found', `there is no folder or file ${path}`, { cause })
    throw new LoupeError('bad-input', `${path} cannot be read (${cause.message})`, { cause })
  })
  return info.isDirectory() ? { dir: path } : { dir: dirname(path), wanted: basename(path) }
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'nothing'
  const some = [...names].sort().slice(0, 8)
  return names.length > some.length ? `${some.join(', ')}, … (${names.length} files)` : some.join(', ')
}
