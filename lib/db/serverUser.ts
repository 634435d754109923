/** The user that the embedded server runs as, and the folders that this user can enter. */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LoupeError } from '../../trainer/errors'

const run = promisify(execFile)

/** Tried in this order, because Postgres refuses to run as root. `nobody` exists on every Unix. */
const UNPRIVILEGED_USERS = ['postgres', 'nobody']

/** Ids to spawn with. Both are absent if this process is not root: then the server runs as the same user. */
export interface ServerUser {
  name: string
  uid?: number
  gid?: number
}

export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { name: 'the current user' }
  for (const name of UNPRIVILEGED_USERS) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
      return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
    } catch {
      continue
    }
  }
  throw new LoupeError('unavailable', 'Postgres does not run as root, and there is no other user to run it', {
    remedy: 'create one (`useradd --system postgres`), run Loupe as another user, or set DATABASE_URL',
  })
}

/** Whether the server's user can enter this folder. Every folder above it must let the user pass. */
export function canEnter(folder: string, user: ServerUser): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'cd "$0"', folder], user)
}

/** Whether a program starts and exits with 0 when the server's user runs it. */
export function succeeds(program: string, args: readonly string[], { uid, gid }: ServerUser): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { uid, gid, cwd: '/', stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

/** Makes a folder that only the server's user (and root) can enter. */
export async function makePrivateFolder(folder: string, { uid, gid }: ServerUser): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid)
}

/**
 * A folder outside any closed home: `/var/tmp/loupe-<hash>`, with a hash of `home` so that clones do not collide.
 * Everyone can write to `/var/tmp`, so a folder that another user has made is refused.
 */
export async function openFolderFor(home: string): Promise<string> {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12)
  const folder = join('/var/tmp', `loupe-${name}`)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const existing = await lstat(folder)
  if (!existing.isDirectory() || existing.uid !== process.getuid?.()) {
    throw new LoupeError('unavailable', `${folder} belongs to another user`, {
      remedy: 'remove it, or set LOUPE_HOME to a folder that every user can enter, or set DATABASE_URL',
    })
  }
  await chmod(folder, 0o755)
  return folder
}
