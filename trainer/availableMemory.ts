/** How much more memory this process can use. */
import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'

/**
 * In bytes. In a container Node counts cached files as used memory, but the system frees them on demand. Without this
 * correction, reading a harvest would seem to fill the container. A process without a limit (cgroup v2) can use the whole
 * machine.
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

/** Bytes of cached files in the cgroup of this process; 0 without a cgroup. */
function cachedFiles(root: string): number {
  try {
    const group = /^0::(.*)$/m.exec(readFileSync(join(root, 'proc/self/cgroup'), 'utf8'))?.[1] ?? ''
    const stat = readFileSync(join(root, 'sys/fs/cgroup', group, 'memory.stat'), 'utf8')
    return Number(/^inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0)
  } catch {
    return 0
  }
}
