/** How Loupe starts Node processes that end with it. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'

const preload = new URL('./endWithParent.mjs', import.meta.url).href

export type NodeChild = ChildProcessByStdio<null, Readable, Readable>

export interface NodeChildOptions {
  cwd: string
  /** On top of this process's own environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>
}

/**
 * Starts `node ...args`. It leads a group of its own, so that Ctrl-C on a terminal reaches this process alone, which
 * then ends its children in order; and it ends by itself when this process is killed.
 */
export function spawnNode(args: readonly string[], { cwd, env = {} }: NodeChildOptions): NodeChild {
  return spawn(process.execPath, ['--import', preload, ...args], {
    cwd,
    env: { ...process.env, ...env, LOUPE_PARENT_PID: String(process.pid) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
}

/** Kills a process started by `spawnNode` at once, with everything it has started. */
export function killTree(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // Gone already, or groups are unknown here.
    }
  }
}
