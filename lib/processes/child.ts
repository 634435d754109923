/** Starts Node processes that end when this process ends. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'

const preload = new URL('./endWithParent.mjs', import.meta.url).href

export type NodeChild = ChildProcessByStdio<null, Readable, Readable>

export interface NodeChildOptions {
  cwd: string
  /** Added to this process's environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>
}

/**
 * Starts `node ...args` as the leader of a new process group, so that Ctrl-C on a terminal reaches only this process,
 * which then stops its children in order. The child ends by itself when this process is killed.
 */
export function spawnNode(args: readonly string[], { cwd, env = {} }: NodeChildOptions): NodeChild {
  return spawn(process.execPath, ['--import', preload, ...args], {
    cwd,
    env: { ...process.env, ...env, LOUPE_PARENT_PID: String(process.pid) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
}

/** Kills a process started by `spawnNode`, and everything it started, at once. */
export function killTree(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It has already ended, or this system has no process groups.
    }
  }
}
