/**
 * Writes an export as a folder, in parts by ranges of features, with one worker or several that share the folder. A file
 * gets its final name when it is complete. Complete and undamaged files are not written again.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { LoupeError, toLoupeError } from '../../trainer/errors'
import { readJson, writeFailure } from '../../trainer/formats/folder'
import type { ExportFile } from './formats/format'
import { MANIFEST_FILE, newManifest, readManifest, requireSameExport } from './manifest'
import { ExportedFile, type Manifest } from './schema'
import type { ExportChoice } from './formats'
import { requireUnchanged, wholeRange, type ExportSource, type FeatureRange } from './tables/source'
import { subranges } from './tables/stored'

/** Folder of notes about finished parts, until the export is complete. */
const NOTES = '.parts'
const PARTIAL = '.partial-'

export function exportParts(source: ExportSource, { what, format }: ExportChoice): FeatureRange[] {
  return [...subranges(wholeRange(source), format.featuresPerPart(what))]
}

/**
 * Creates the folder, or accepts it when the same export began in it. Throws `mismatch` for another export, `conflict`
 * for a folder with other content.
 */
export async function beginFolder(source: ExportSource, choice: ExportChoice, folder: string): Promise<void> {
  const manifest = newManifest(source, choice)
  const existing = await readManifest(join(folder, MANIFEST_FILE))
  if (existing) return requireSameExport(folder, existing, manifest)
  await guarded(folder, async () => {
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length > 0) {
      throw new LoupeError('conflict', `${folder} is not empty and holds no export`, {
        remedy: 'choose a new folder with --out, or empty this one',
      })
    }
    await writeWhole(join(folder, MANIFEST_FILE), manifest)
  })
}

/** The manifest of a started export. Throws `not-found` on a machine without the folder. */
export async function requireManifest(folder: string): Promise<Manifest> {
  const manifest = await readManifest(join(folder, MANIFEST_FILE))
  if (manifest) return manifest
  throw new LoupeError('not-found', `${folder} on ${hostname()} is not the folder of this export`, {
    remedy: 'all workers of an export need the same folder: run them where the folder is, or on a shared disk',
  })
}

/** Writes the missing and damaged files of one part; `report` receives the number of finished features. */
export async function writePart(
  source: ExportSource,
  { what, format }: ExportChoice,
  folder: string,
  range: FeatureRange,
  report: (done: number) => void,
): Promise<ExportedFile[]> {
  const known = await knownFiles(folder, range)
  const files = format.files(source, what, range)
  const written: ExportedFile[] = []
  const width = range.to - range.from
  for (const [number, file] of files.entries()) {
    const reportFile = (to: number) =>
      report(Math.floor(((number + Math.max(0, to - range.from) / width) / files.length) * width))
    const entry = known.find(({ path }) => path === file.path)
    const kept = entry && (await isUnharmed(folder, entry))
    const made = kept ? entry : await guarded(folder, () => writeExportFile(folder, file, range, reportFile))
    if (made) written.push(made)
    reportFile(range.to)
  }
  await guarded(folder, () => writeWhole(noteOf(folder, range), written))
  return written
}

/** Completes the manifest, with the files in the order of the parts. The same database gives the same bytes. */
export async function finishFolder(source: ExportSource, folder: string, files: ExportedFile[]): Promise<Manifest> {
  await requireUnchanged(source)
  const manifest = { ...(await requireManifest(folder)), complete: true, files }
  await guarded(folder, async () => {
    await writeWhole(join(folder, MANIFEST_FILE), manifest)
    await rm(join(folder, NOTES), { recursive: true, force: true })
    const names = await readdir(folder, { recursive: true })
    const left = names.filter((name) => name.includes(PARTIAL))
    await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
  })
  return manifest
}

/** The files of a part that an earlier attempt has noted. */
async function knownFiles(folder: string, range: FeatureRange): Promise<ExportedFile[]> {
  const manifest = await requireManifest(folder)
  if (manifest.complete) return manifest.files.filter(({ from, to }) => from === range.from && to === range.to)
  const note = z.array(ExportedFile).safeParse(await readJson(noteOf(folder, range)))
  return note.success ? note.data : []
}

const noteOf = (folder: string, { from }: FeatureRange) => join(folder, NOTES, `${from}.json`)

async function isUnharmed(folder: string, { path, bytes, sha256 }: ExportedFile): Promise<boolean> {
  const full = join(folder, path)
  const stats = await stat(full).catch(() => undefined)
  if (stats?.size !== bytes) return false
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(full) as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex') === sha256
}

async function writeExportFile(
  folder: string,
  file: ExportFile,
  { from, to }: FeatureRange,
  report: (to: number) => void,
): Promise<ExportedFile | undefined> {
  let [rows, bytes] = [0, 0]
  const hash = createHash('sha256')
  const counted = async function* () {
    for await (const batch of file.batches()) {
      rows += batch.rows.length
      yield batch
      report(batch.to)
    }
  }
  const path = join(folder, file.path)
  await mkdir(dirname(path), { recursive: true })
  await renamed(path, async (partial) => {
    await using handle = await open(partial, 'wx')
    for await (const chunk of file.encode(counted())) {
      await handle.appendFile(chunk)
      hash.update(chunk)
      bytes += chunk.length
    }
    await handle.sync()
    return rows > 0 || !file.optional
  })
  return rows > 0 || !file.optional ? { path: file.path, from, to, rows, bytes, sha256: hash.digest('hex') } : undefined
}

/** Writes a small JSON file completely or not at all. */
async function writeWhole(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await renamed(path, async (partial) => {
    await writeFile(partial, `${JSON.stringify(content, undefined, 2)}\n`, { flush: true })
    return true
  })
}

/** Writes under a temporary name next to `path`, and renames the file if `write` returns true. */
async function renamed(path: string, write: (partial: string) => Promise<boolean>): Promise<void> {
  const partial = `${path}${PARTIAL}${randomUUID().slice(0, 8)}`
  try {
    if (await write(partial)) await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}

/** Turns errors of the disk into a `LoupeError`; passes others on. */
async function guarded<T>(folder: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (toLoupeError(error) || !code || !syscall || code.startsWith('ECONN')) throw error
    throw writeFailure(error as NodeJS.ErrnoException, folder)
  }
}
