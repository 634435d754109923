import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { availableMemory } from './availableMemory'

const root = mkdtempSync(join(tmpdir(), 'loupe-cgroup-'))
const group = join(root, 'sys/fs/cgroup/a/b')
mkdirSync(join(root, 'proc/self'), { recursive: true })
mkdirSync(group, { recursive: true })
writeFileSync(join(root, 'proc/self/cgroup'), '4:memory:/other\n0::/a/b\n')
writeFileSync(join(group, 'memory.stat'), 'anon 5000\nactive_file 7\ninactive_file 3000\n')
afterAll(() => rmSync(root, { recursive: true }))

describe('the memory that is available', () => {
  it('includes the cached files of a container, which the system frees on demand', () => {
    expect(availableMemory({ free: 100, bound: 8000 }, root)).toBe(3100)
  })

  it('is the value of Node for a process without a limit, and for an unknown cgroup', () => {
    expect(availableMemory({ free: 100, bound: 2 ** 63 }, root)).toBe(100)
    expect(availableMemory({ free: 100, bound: 0 }, root)).toBe(100)
    expect(availableMemory({ free: 100, bound: 8000 }, join(root, 'nowhere'))).toBe(100)
    expect(availableMemory()).toBeGreaterThan(0)
  })
})
