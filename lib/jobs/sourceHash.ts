/**
 * A hash of the code that computes a kind of job: the source files that its job file reaches by relative imports.
 * Not the commit, so that an upgrade keeps the queued jobs whose code it does not change. Packages and the generated
 * database client are not part of it.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { projectRoot } from '../base/config'
import { environmentVariable } from '../base/environment'

/** `import … from './x'`, `export … from './x'`, `import './x'` and `import('./x')`; types compute nothing. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'"`;=()]*?\sfrom\s+)?'(\.[^']*)'|\bimport\(\s*'(\.[^']*)'\s*\)/gm
const GENERATED = /^lib\/db\/generated\//

interface Source {
  content: string
  /** Candidates for each import, relative to the root: a file or the index of a folder. */
  imports: string[][]
}

interface Known {
  /** By path. */
  sources: Map<string, Source | undefined>
  /** By the file of the job. */
  hashes: Map<string, string | null>
}

/** By root; sources are read once, because a process keeps the code that it has loaded. */
const known = new Map<string, Known>()

/** The folder of `package.json`. `LOUPE_ROOT` overrides: the built web server runs from a folder without sources. */
const sourceRoot = (): string => environmentVariable('LOUPE_ROOT') ?? projectRoot

/**
 * @param source a file relative to the root, e.g. `lib/runs/job.ts`
 * @returns sha256 in hexadecimal; null where the file does not exist
 */
export function sourceHash(source: string, root = sourceRoot()): string | null {
  const cache: Known = known.get(root) ?? { sources: new Map(), hashes: new Map() }
  known.set(root, cache)
  const before = cache.hashes.get(source)
  if (before !== undefined) return before
  const hash = hashOf(reachedFrom(source, (path) => readSource(cache.sources, root, path)))
  cache.hashes.set(source, hash)
  return hash
}

function hashOf(reached: ReadonlyMap<string, Source>): string | null {
  if (reached.size === 0) return null
  const hash = createHash('sha256')
  for (const [path, { content }] of [...reached].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function reachedFrom(source: string, read: (path: string) => Source | undefined): Map<string, Source> {
  const reached = new Map<string, Source>()
  const open = [[source]]
  for (let candidates = open.pop(); candidates; candidates = open.pop()) {
    const path = candidates.find((candidate) => read(candidate))
    if (path === undefined || reached.has(path)) continue
    const file = read(path)!
    reached.set(path, file)
    open.push(...file.imports)
  }
  return reached
}

function readSource(sources: Map<string, Source | undefined>, root: string, path: string): Source | undefined {
  if (sources.has(path)) return sources.get(path)
  const source = GENERATED.test(path) ? undefined : parse(path, readIfThere(root, path))
  sources.set(path, source)
  return source
}

function readIfThere(root: string, path: string): string | undefined {
  try {
    // A checkout may have other line ends.
    return readFileSync(/* turbopackIgnore: true */ join(root, path), 'utf8').replaceAll('\r\n', '\n')
  } catch {
    return undefined
  }
}

function parse(path: string, content: string | undefined): Source | undefined {
  if (content === undefined) return undefined
  const imports = [...content.matchAll(IMPORT)].map(([, named, lazy]) => {
    const target = join(dirname(path), (named ?? lazy)!)
    return [target, `${target}.ts`, `${target}/index.ts`]
  })
  return { content, imports }
}
