/**
 * Folders that are fetched once. A folder appears under its name only when it is complete: a work folder next to it is
 * filled and renamed. The next fetch continues with the files of a killed or failed one.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { LoupeError } from '../../errors'
import { readJsonIfPresent } from '../../json'
import { processExists } from '../../processExists'

const manifestSchema = z.strictObject({
  source: z.string().describe('The origin of the files'),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe('Below the folder'),
        bytes: z.int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .describe('Every fetched file'),
})

export type Manifest = z.output<typeof manifestSchema>

const MANIFEST = 'loupe-source.json'

/** The manifest of a complete folder; undefined when it is missing or does not match the files. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const manifest = await readJsonIfPresent(join(folder, MANIFEST), manifestSchema)
  for (const { path, bytes } of manifest?.files ?? []) {
    const info = await stat(join(folder, path)).catch(() => undefined)
    if (info?.size !== bytes) return undefined
  }
  return manifest
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(join(folder, MANIFEST), JSON.stringify(manifest, null, 2) + '\n')
}

/**
 * Makes sure that `folder` exists and is complete.
 * @param fill puts the files into a work folder and lists them; the work folder can contain files of an earlier try
 */
export async function cachedFolder(folder: string, fill: (work: string) => Promise<Manifest>): Promise<Manifest> {
  const present = await readManifest(folder)
  if (present) return present
  try {
    await mkdir(dirname(folder), { recursive: true })
    const work = await takeWorkFolder(folder)
    try {
      const manifest = await fill(work)
      await writeManifest(work, manifest)
      await putInPlace(work, folder)
      return manifest
    } catch (error) {
      // Renamed to a name without an owner: the next try continues with it.
      await rename(work, `${workPrefix(folder)}0-${randomUUID().slice(0, 8)}`).catch(() => undefined)
      throw error
    }
  } catch (error) {
    throw diskFull(error) ?? error
  }
}

function workPrefix(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.partial-`)
}

/** A work folder that belongs to this process: an abandoned one (renaming it is the claim), or a new one. */
async function takeWorkFolder(folder: string): Promise<string> {
  const claimed = `${workPrefix(folder)}${process.pid}-${randomUUID().slice(0, 8)}`
  const prefix = basename(workPrefix(folder))
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(prefix) || processExists(Number(name.slice(prefix.length).split('-')[0]))) continue
    const abandoned = join(dirname(folder), name)
    const isMine = await rename(abandoned, claimed).then(
      () => true,
      () => false,
    )
    if (isMine) return claimed
  }
  await mkdir(claimed)
  return claimed
}

async function putInPlace(work: string, folder: string): Promise<void> {
  // Another process finished first: its folder is complete too and stays.
  if (await readManifest(folder)) return rm(work, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
  await rename(work, folder)
}

function diskFull(error: unknown): LoupeError | undefined {
  const code = (error as NodeJS.ErrnoException).code
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return undefined
  return new LoupeError('disk-full', 'no space left for the model in the cache', {
    remedy: 'free some space, or set LOUPE_CACHE to a folder on another disk',
    cause: error,
  })
}
