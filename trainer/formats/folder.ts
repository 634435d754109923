/** Folders of small files: reading has limits, writing is complete or not at all. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LoupeError } from '../errors'

/** No configuration is longer than this; a longer file is something else. */
const MAX_JSON_BYTES = 16 * 2 ** 20

/** The contents of a JSON file; `undefined` when there is none. */
export async function readJson(path: string): Promise<unknown> {
  const name = basename(path)
  try {
    const { size } = await stat(path)
    if (size > MAX_JSON_BYTES) {
      throw new LoupeError('too-large', `${name} has ${size} bytes, the limit is ${MAX_JSON_BYTES}`)
    }
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof LoupeError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (cause instanceof SyntaxError)
      throw new LoupeError('bad-input', `${name} is not JSON (${cause.message})`, { cause })
    throw new LoupeError('bad-input', `${name} cannot be read (${(cause as Error).message})`, { cause })
  }
}

/**
 * Writes a new folder: into a temporary folder next to it, which is renamed when it is complete.
 * @throws LoupeError `conflict` when `dir` is not empty, `disk-full`, or `bad-input` when it cannot be written
 */
export async function writeFolder(dir: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  const target = resolve(dir)
  await refuseOccupied(target)
  const partial = `${target}.partial-${randomUUID().slice(0, 8)}`
  try {
    await mkdir(dirname(target), { recursive: true })
    await mkdir(partial)
    for (const [name, contents] of Object.entries(files)) await writeFile(join(partial, name), contents)
    await rename(partial, target)
  } catch (cause) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined)
    throw writeFailure(cause as NodeJS.ErrnoException, target)
  }
}

async function refuseOccupied(dir: string): Promise<void> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw writeFailure(cause, dir)
  })
  if (names.length > 0) throw occupied(dir)
}

function occupied(dir: string, cause?: unknown): LoupeError {
  return new LoupeError('conflict', `${dir} is not empty`, { remedy: 'choose a new folder, or empty this one', cause })
}

/** A failed write, as an error for the person who started it. */
export function writeFailure(cause: NodeJS.ErrnoException, dir: string): LoupeError {
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') {
    return new LoupeError('disk-full', `the disk is full: ${dir} was not written`, {
      remedy: 'free some space and run it again',
      cause,
    })
  }
  if (cause.code === 'ENOTEMPTY' || cause.code === 'EEXIST') return occupied(dir, cause)
  return new LoupeError('bad-input', `${dir} cannot be written (${cause.message})`, { cause })
}
