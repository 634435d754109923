import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { JOB_KINDS } from '../jobKinds'
import { loadKind } from './load'
import { sourceHash } from './sourceHash'

const FILES = {
  'lib/a/job.ts': "import {\n  b,\n} from './b'\nimport type { T } from './types'\nexport const a = b\n",
  'lib/a/b.ts': "export { c } from '../c'\nconst later = () => import('./later')\nimport 'zod'\n",
  'lib/a/types.ts': 'export type T = number\n',
  'lib/a/later.ts': "import './job'\nimport { i } from '.'\nexport const later = i\n",
  'lib/a/index.ts': 'export const i = 1\n',
  'lib/c/index.ts': "import data from './data.json'\nexport * from './d.e'\nexport const c = data\n",
  'lib/c/d.e.ts': "import '..'\n",
  'lib/index.ts': 'export {}\n',
  'lib/c/data.json': '{}\n',
  'lib/a/unreached.ts': "import './b'\n",
}

describe('the hash of the sources of a job kind', () => {
  const roots: string[] = []
  afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })))

  function hashOf(changes: Record<string, string> = {}): string | null {
    const root = mkdtempSync(join(tmpdir(), 'loupe-sources-'))
    roots.push(root)
    for (const [path, content] of Object.entries({ ...FILES, ...changes })) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
    return sourceHash('lib/a/job.ts', root)
  }

  it('is the same in every clone, whatever its line ends', () => {
    const crlf = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]))
    expect(hashOf()).toMatch(/^[0-9a-f]{64}$/)
    expect(hashOf()).toBe(hashOf(crlf))
  })

  it.each([
    ...(['lib/a/job.ts', 'lib/a/b.ts', 'lib/a/later.ts', 'lib/c/index.ts', 'lib/c/data.json'] as const),
    ...(['lib/a/index.ts', 'lib/c/d.e.ts', 'lib/index.ts'] as const),
  ])('changes with %s, which the job file reaches', (path) =>
    expect(hashOf({ [path]: `${FILES[path]}\n` })).not.toBe(hashOf()),
  )

  it.each(['lib/a/types.ts', 'lib/a/unreached.ts'] as const)('does not change with %s', (path) =>
    expect(hashOf({ [path]: `${FILES[path]}\n` })).toBe(hashOf()),
  )

  it('is null where there are no sources', () => expect(sourceHash('lib/runs/job.ts', tmpdir())).toBeNull())
})

describe('every kind of job', () => {
  it('names the file that computes it', async () => {
    const hashes = JOB_KINDS.map(({ source }) => sourceHash(source))
    expect(new Set(hashes).size).toBe(JOB_KINDS.length)
    expect(hashes).not.toContain(null)
    const kinds = await Promise.all(JOB_KINDS.map(loadKind))
    expect(kinds.map(({ name }) => name)).toEqual(JOB_KINDS.map(({ name }) => name))
  })
})
