/** The stamp of a build: a hash over its sources, which shows whether the built pages are up to date. */
import { createHash } from 'node:crypto'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const FOLDERS = ['app', 'components', 'lib', 'trainer', 'public']
const FILES = [
  'next.config.ts',
  'package-lock.json',
  'package.json',
  'postcss.config.mjs',
  'prisma/schema.prisma',
  'proxy.ts',
  'tsconfig.json',
  'tsconfig.next.json',
]
/** Generated from the schema, which is hashed itself. */
const GENERATED = 'lib/db/generated'

const stored = z.strictObject({ sources: z.string(), builtAt: z.iso.datetime(), seconds: z.number() })
export type BuildStamp = z.infer<typeof stored>

/** sha256, in hexadecimal, over the names and contents of all sources under `root`, without tests. */
export async function sourcesHash(root: string): Promise<string> {
  const folders = await Promise.all(FOLDERS.map((folder) => filesUnder(root, folder)))
  const hash = createHash('sha256')
  for (const path of [...folders.flat(), ...FILES].sort()) {
    const content = await readFile(join(root, path)).catch(() => undefined)
    if (content) hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

async function filesUnder(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !path.startsWith(GENERATED))
}

const stampFile = (root: string): string => join(root, '.next', 'loupe-build.json')

/** The stamp of the last finished build; undefined before the first build and during a build. */
export async function readStamp(root: string): Promise<BuildStamp | undefined> {
  try {
    return stored.parse(JSON.parse(await readFile(stampFile(root), 'utf8')))
  } catch {
    return undefined
  }
}

export async function writeStamp(root: string, stamp: BuildStamp): Promise<void> {
  await writeFile(stampFile(root), JSON.stringify(stamp))
}

export async function removeStamp(root: string): Promise<void> {
  await rm(stampFile(root), { force: true })
}
