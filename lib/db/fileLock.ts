/** A lock file that one process holds at a time. The lock of a dead process is free. */
import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { LoupeError } from '../../trainer/errors'
import { processExists } from '../../trainer/processExists'

const TOUCH_EVERY_MS = 2_000
/** A holder that has not touched its lock for this long is gone, or its machine slept. Another process may take over. */
const STALE_AFTER_MS = 15_000

export interface FileLockOptions {
  /** What the holder does, for the message "another process is …". */
  purpose: string
  /** How long to wait for another holder. */
  patienceMs?: number
}

/** Runs `body` while holding the lock at `path`; its folder must exist. Throws `unavailable` after `patienceMs`. */
export async function withFileLock<T>(path: string, options: FileLockOptions, body: () => Promise<T>): Promise<T> {
  await acquire(path, options)
  const heartbeat = setInterval(() => {
    const now = new Date()
    void utimes(path, now, now).catch(() => undefined)
  }, TOUCH_EVERY_MS)
  heartbeat.unref()
  try {
    return await body()
  } finally {
    clearInterval(heartbeat)
    await rm(path, { force: true })
  }
}

async function acquire(path: string, { purpose, patienceMs = 90_000 }: FileLockOptions): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await tryCreate(path))) {
    const holder = await readHolder(path)
    if (holder?.stale) await removeStale(path)
    else if (Date.now() > deadline) {
      throw new LoupeError('unavailable', `another process (${holder?.pid ?? 'unknown'}) is still ${purpose}`, {
        remedy: `wait for it, or remove ${path} if no Loupe is running`,
      })
    } else await sleep(40 + Math.random() * 40)
  }
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o644)
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function readHolder(path: string): Promise<{ pid: number; stale: boolean } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    const pid = Number.parseInt(text, 10)
    // An empty file belongs to a process between its open and its write: only its age can make it stale.
    const dead = Number.isInteger(pid) && !processExists(pid)
    return { pid, stale: dead || Date.now() - mtimeMs > STALE_AFTER_MS }
  } catch {
    return undefined
  }
}

/**
 * Two processes can find the same stale lock. The slower one must not remove the lock that the faster one has just
 * made. So the file is moved aside, read again, and put back if its holder is alive.
 */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  const holder = await readHolder(aside)
  if (holder && !holder.stale) await link(aside, path).catch(() => undefined)
  await rm(aside, { force: true })
}
