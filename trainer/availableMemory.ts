/** How much memory this process may still take. */
import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'

/**
 * Bytes. In a container Node counts cached files as taken, though the system gives them back when asked: reading a harvest
 * would seem to fill it. Without a bound of its own (cgroup v2) a process may take what the machine has.
 */
export function availableMemory(
  { free, bound }: { free: number; bound: number } = {
    free: process.availableMemory(),
    bound: process.constrainedMemory(),
  },
  root = '/',
): number {
  return bound > 0 && bound < totalmem() ? free + cachedFiles(root) : free
}

/** Of this process's own cgroup; 0 where there is none. */
function cachedFiles(root: string): number {
  try {
    const own = /^0::(.*)$/m.exec(readFileSync(join(root, 'proc/self/cgroup'), 'utf8'))?.[1] ?? ''
    const stat = readFileSync(join(root, 'sys/fs/cgroup', own, 'memory.stat'), 'utf8')
    return Number(/^inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0)
  } catch {
    return 0
  }
}
