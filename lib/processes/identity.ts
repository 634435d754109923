/** Identifies processes across restarts: the system may have given a number to another process. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { processExists } from '../../trainer/processExists'

const LOOK_EVERY_MS = 100

export interface ProcessIdentity {
  pid: number
  /** When it started, in the system's format; two processes with one number differ here. Empty if unknown. */
  started: string
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, started: startOf(pid) }
}

/** True while this very process lives, also if it belongs to another user. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return processExists(pid) && startOf(pid) === started
}

/** Waits until it ends; false if it still lives after `patienceMs`. */
export async function untilGone(identity: ProcessIdentity, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false
    await sleep(LOOK_EVERY_MS)
  }
  return true
}

/** Bytes of memory that a process holds; undefined if the system does not report it. */
export function memoryOf(pid: number): number | undefined {
  const kilobytes = Number(residentKilobytes(pid))
  return kilobytes > 0 ? kilobytes * 1024 : undefined
}

function residentKilobytes(pid: number): string {
  try {
    return /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
  } catch {
    return ask(pid, 'rss=')
  }
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; state is the field after it, the start time the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; its parent has not yet noticed.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '')
  } catch {
    return ask(pid, 'lstart=')
  }
}

/** Systems without /proc have `ps`. */
function ask(pid: number, column: string): string {
  if (process.platform === 'linux' || process.platform === 'win32') return ''
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return ''
  }
}
