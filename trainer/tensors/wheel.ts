/**
 * Files from Python wheels. pip fetches the wheel, so the user's index, proxy and certificates apply. The caller pins
 * the hash. Only the requested members are unpacked, as streams to the disk.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import yauzl from 'yauzl'
import { LoupeError } from '../errors'
import type { Stage } from '../progress'
import { findPip, PIP_REMEDY } from './pip'

export interface WheelSpec {
  name: string
  version: string
  sha256: string
  /** Size of the wheel in bytes, for the progress bar. */
  bytes: number
  /** pip's platform tags, for wheels with compiled code; absent for pure Python. */
  platform?: { python: string; abi: string; tags: readonly string[] }
}

/** Downloads one wheel into `dir` and returns its path. pip refuses a wheel whose hash differs from `spec.sha256`. */
export async function fetchWheel(spec: WheelSpec, dir: string, stage: Stage): Promise<string> {
  const { python } = await findPip()
  await mkdir(dir, { recursive: true })
  const requirements = join(dir, 'requirements.txt')
  await writeFile(requirements, `${spec.name}==${spec.version} --hash=sha256:${spec.sha256}\n`)
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--require-hashes', '--only-binary=:all:']
  if (spec.platform) {
    const { python: pythonVersion, abi, tags } = spec.platform
    args.push('--python-version', pythonVersion, '--implementation', 'cp', '--abi', abi)
    args.push(...tags.flatMap((tag) => ['--platform', tag]))
  }
  args.push('--dest', dir, '--requirement', requirements)
  // A quiet pip reports no bytes. Its temporary files are in TMPDIR, so their growth is the progress.
  const temporary = join(dir, 'pip')
  await mkdir(temporary, { recursive: true })
  const watch = setInterval(() => {
    void folderBytes(dir).then((bytes) => stage.report(Math.min(bytes, spec.bytes), spec.bytes))
  }, 250)
  try {
    await runPip(python, args, temporary, stage.signal, spec)
  } finally {
    clearInterval(watch)
    await rm(temporary, { recursive: true, force: true })
  }
  stage.report(spec.bytes, spec.bytes)
  const wheel = (await readdir(dir)).find((file) => file.endsWith('.whl'))
  if (!wheel) throw new LoupeError('unavailable', `pip fetched no wheel for ${spec.name}==${spec.version}`)
  return join(dir, wheel)
}

async function runPip(python: string, args: string[], temporary: string, signal: AbortSignal, spec: WheelSpec) {
  const child = spawn(python, args, {
    env: { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  }).catch((cause: unknown) => {
    if (signal.aborted) throw new LoupeError('cancelled', `fetching ${spec.name} was interrupted`)
    throw new LoupeError('unavailable', 'pip could not be started', { remedy: PIP_REMEDY, cause })
  })
  if (code === 0) return
  const reason = errors.trim().split('\n').at(-1) ?? `exit code ${code}`
  if (/no space left/i.test(errors)) {
    throw new LoupeError('disk-full', `no space left while fetching ${spec.name}==${spec.version}`, {
      remedy: 'free some space, or set LOUPE_CACHE to a folder on another disk',
    })
  }
  throw new LoupeError('unavailable', `pip could not fetch ${spec.name}==${spec.version}: ${reason}`, {
    remedy: 'check that the package index is reachable (pip config list), then run the command again',
  })
}

/** Unpacks the members that `target` maps to a path below `dir`. Returns the number of written files. */
export async function extractMembers(
  archive: string,
  dir: string,
  target: (member: string) => string | undefined,
): Promise<number> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(archive, { lazyEntries: true })
  const openMember = promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))
  let written = 0
  const next = () =>
    new Promise<yauzl.Entry | undefined>((resolve, reject) => {
      zip.once('entry', resolve).once('end', () => resolve(undefined))
      zip.once('error', reject)
      zip.readEntry()
    })
  for (let entry = await next(); entry; entry = await next()) {
    zip.removeAllListeners()
    const path = target(entry.fileName)
    if (path === undefined) continue
    const file = join(dir, path)
    await mkdir(dirname(file), { recursive: true })
    await pipeline(await openMember(entry), createWriteStream(file))
    written += 1
  }
  zip.close()
  return written
}

export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

async function folderBytes(dir: string): Promise<number> {
  let total = 0
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile())
      total += await stat(join(entry.parentPath, entry.name)).then(
        (s) => s.size,
        () => 0,
      )
  }
  return total
}
