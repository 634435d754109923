/** Builds the pages with Next when their sources have changed, and assembles the standalone server. */
import { once } from 'node:events'
import { cp, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { LoupeError } from '../../trainer/errors'
import { projectRoot } from '../base/config'
import { withFileLock } from '../db/fileLock'
import { killTree, spawnNode } from '../processes/child'
import { readStamp, removeStamp, sourcesHash, writeStamp } from './stamp'

const SAY_EVERY_MS = 5_000
/** Another process may be building, which takes half a minute to two minutes. */
const PATIENCE_MS = 15 * 60_000
const TAIL_LINES = 12

export interface BuildOptions {
  signal: AbortSignal
  /** Called every few seconds with the progress. */
  onStep?: (step: string) => void
  /** The folder of `package.json`. */
  root?: string
}

export interface Built {
  /** False when the existing build was up to date. */
  built: boolean
  seconds: number
}

/** The program that serves the pages, once they are built. */
export const standaloneServer = (root: string = projectRoot): string => join(root, '.next', 'standalone', 'server.js')

/** False when the next start must build. */
export async function isBuilt(root: string = projectRoot): Promise<boolean> {
  return (await readStamp(root))?.sources === (await sourcesHash(root))
}

/**
 * Builds if necessary. When several processes call it, one builds and the others wait. Throws `unavailable` with the end
 * of Next's output on failure, `cancelled` on abort. An unfinished build never counts as finished.
 */
export async function ensureBuilt({
  signal,
  onStep = () => undefined,
  root = projectRoot,
}: BuildOptions): Promise<Built> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  if (await isBuilt(root)) return { built: false, seconds: seconds() }
  // Next empties its folder at the start of a build, except for this subfolder.
  const cache = join(root, '.next', 'cache')
  await mkdir(cache, { recursive: true })
  return withFileLock(
    join(cache, 'loupe-build.lock'),
    { purpose: 'building the pages', patienceMs: PATIENCE_MS },
    async () => {
      const sources = await sourcesHash(root)
      if ((await readStamp(root))?.sources === sources) return { built: false, seconds: seconds() }
      onStep('building the pages (half a minute to two minutes; once for each version)')
      const progress = setInterval(() => onStep(`building the pages: ${Math.round(seconds())} s`), SAY_EVERY_MS)
      try {
        await removeStamp(root)
        await runNext(root, signal)
        await assemble(root)
      } finally {
        clearInterval(progress)
      }
      await writeStamp(root, { sources, builtAt: new Date().toISOString(), seconds: seconds() })
      onStep(`the pages are built (${Math.round(seconds())} s)`)
      return { built: true, seconds: seconds() }
    },
  )
}

async function runNext(root: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw interrupted()
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const child = spawnNode([next, 'build'], {
    cwd: root,
    // The caller's NODE_ENV (vitest sets one) would change the build.
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined, FORCE_COLOR: undefined },
  })
  let output = ''
  const collect = (chunk: Buffer) => (output += chunk.toString())
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const abort = () => child.pid !== undefined && killTree(child.pid)
  signal.addEventListener('abort', abort)
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    if (signal.aborted) throw interrupted()
    if (code !== 0) throw buildFailure(root, killedBy ?? `exit code ${code}`, output)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Copies the static files, which Next leaves out of the standalone server. */
async function assemble(root: string): Promise<void> {
  const standalone = dirname(standaloneServer(root))
  for (const [from, to] of [
    [join(root, '.next', 'static'), join(standalone, '.next', 'static')],
    [join(root, 'public'), join(standalone, 'public')],
  ] as const) {
    await rm(to, { recursive: true, force: true })
    await cp(from, to, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
}

function interrupted(): LoupeError {
  return new LoupeError('cancelled', 'interrupted while building the pages')
}

function buildFailure(root: string, how: string, output: string): LoupeError {
  const lines = stripVTControlCharacters(output).trim().split('\n')
  const tail = lines.slice(-TAIL_LINES).join('\n')
  if (/ENOSPC|No space left on device/.test(output)) {
    return new LoupeError('disk-full', `the pages could not be built: the disk under ${root} is full`, {
      remedy: 'free about 1 GB and run the command again',
    })
  }
  const memory = how === 'SIGKILL' || /heap out of memory/.test(output)
  return new LoupeError('unavailable', `the pages could not be built (next build: ${how})\n${tail}`, {
    remedy: memory
      ? 'the build needs about 2 GB of memory: end other programs and run the command again'
      : 'run `npm ci` if packages are missing, then the command again; `npx next build` shows the whole output',
  })
}
