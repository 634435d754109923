/**
 * Puts a current libtensorflow under `@tensorflow/tfjs-node-gpu`, whose own installer fetches a build from 2022.
 *
 * The cache holds one folder per build: `deps/lib` (libraries from the wheel), `deps/include` (14 C headers), and
 * `lib/napi-v8/tfjs_binding.node` (the addon of the package, compiled here). The package in `node_modules` gets one link,
 * `lib` → the cache, so `npm ci` needs no new download. Node resolves the link before it opens the addon, so the rpath of
 * the addon, `$ORIGIN/../../deps/lib`, is in the cache.
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { LoupeError } from '../../errors'
import { processExists } from '../../processExists'
import type { Stage } from '../../progress'
import { extractMembers, fetchWheel } from '../wheel'
import { HEADERS, variantFor, type Variant } from './variants'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

const ADDON = join('lib', 'napi-v8', 'tfjs_binding.node')
/** A file next to the builds: the id of the build that was set up last (`loupe setup --cuda` switches). */
const SELECTED = 'selected'

export interface TensorflowState {
  /** The build that this machine uses; absent before the first installation. */
  build?: string
  /** Whether `node_modules` points to it. */
  linked: boolean
}

function packageFolder(): string {
  // The package's main file needs the addon, so it is located through its manifest instead.
  return dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))
}

function buildsFolder(cacheDir: string): string {
  return join(cacheDir, 'tensorflow')
}

/** Cheap, a few file system calls: every start calls it. */
export function tensorflowState(cacheDir: string): TensorflowState {
  const builds = buildsFolder(cacheDir)
  const file = join(builds, SELECTED)
  const build = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  if (!build || !existsSync(join(builds, build, ADDON))) return { linked: false }
  return { build, linked: linkTarget() === join(builds, build, 'lib') }
}

function linkTarget(): string | undefined {
  try {
    return readlinkSync(join(packageFolder(), 'lib'))
  } catch {
    return undefined
  }
}

/** Points `node_modules` to the selected build. Several processes can do this at the same time. */
export async function linkTensorflow(cacheDir: string, build: string): Promise<void> {
  const link = join(packageFolder(), 'lib')
  const temporary = `${link}.${process.pid}`
  await rm(temporary, { force: true })
  await symlink(join(buildsFolder(cacheDir), build, 'lib'), temporary)
  await rename(temporary, link).catch(async () => {
    // The installer of the package has left a real folder there.
    await rm(link, { recursive: true, force: true })
    await rename(temporary, link)
  })
}

/**
 * Fetches, unpacks, compiles and links one build. A build that is already in the cache is only linked.
 * `stage` receives the bytes of the download.
 */
export async function installTensorflow(
  cacheDir: string,
  options: { cuda: boolean; stage: Stage; onStep?: (step: string) => void },
): Promise<string> {
  const variant = variantFor(options)
  const builds = buildsFolder(cacheDir)
  const home = join(builds, variant.id)
  if (!existsSync(join(home, ADDON))) {
    await mkdir(builds, { recursive: true })
    await sweepAbandoned(builds)
    const work = await mkdtemp(join(builds, `.${variant.id}-${process.pid}-`))
    try {
      await fetchBuild(variant, work, options.stage, options.onStep)
      options.onStep?.('compiling the TensorFlow addon')
      await compileAddon(work)
      // Another process may have finished first. Its result comes from the same pinned files, so it is kept.
      await rename(work, home).catch((error: unknown) => {
        if (!existsSync(join(home, ADDON))) throw error
      })
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  await writeFile(join(builds, SELECTED), `${variant.id}\n`)
  await linkTensorflow(cacheDir, variant.id)
  return variant.id
}

/** Removes work folders of processes that were killed while they installed. */
async function sweepAbandoned(builds: string): Promise<void> {
  for (const name of await readdir(builds)) {
    const pid = Number(/^\.tensorflow-.*-(\d+)-\w+$/.exec(name)?.[1])
    if (pid && !processExists(pid)) await rm(join(builds, name), { recursive: true, force: true })
  }
}

async function fetchBuild(variant: Variant, work: string, stage: Stage, onStep?: (step: string) => void) {
  onStep?.(`fetching ${variant.wheel.name} ${variant.wheel.version}`)
  const archive = await fetchWheel(variant.wheel, join(work, 'download'), stage)
  onStep?.('unpacking TensorFlow')
  const libraries = new Set(variant.libraries.map(({ member }) => member))
  const extracted = await extractMembers(archive, join(work, 'deps'), (member) => {
    if (libraries.has(member)) return join('lib', basename(member))
    const header = member.replace(/^tensorflow\/include\//, '')
    return HEADERS.has(header) ? join('include', header) : undefined
  })
  const expected = libraries.size + HEADERS.size
  if (extracted !== expected) {
    throw new LoupeError('bad-input', `${basename(archive)} holds ${extracted} of the ${expected} files Loupe needs`)
  }
  for (const { member, links } of variant.libraries) {
    for (const name of links.filter((link) => link !== basename(member))) {
      await symlink(basename(member), join(work, 'deps', 'lib', name))
    }
  }
  for (const companion of variant.companions) {
    onStep?.(`fetching ${companion.name} ${companion.version}`)
    const wheel = await fetchWheel(companion, join(work, 'download', companion.name), stage)
    // TensorFlow searches for CUDA next to its own folder: `$ORIGIN/../nvidia/<part>/lib`.
    await extractMembers(wheel, join(work, 'deps'), (member) => (/^nvidia\/.*[^/]$/.test(member) ? member : undefined))
  }
  for (const { path, target } of variant.companionLinks) await symlink(target, join(work, 'deps', path))
  await rm(join(work, 'download'), { recursive: true, force: true })
}

async function compileAddon(work: string): Promise<void> {
  const compiler = process.env['CXX'] ?? 'g++'
  const source = join(packageFolder(), 'binding')
  const headers = join(dirname(require.resolve('node-api-headers/package.json')), 'include')
  const output = join(work, ADDON)
  await mkdir(dirname(output), { recursive: true })
  const origin = process.platform === 'darwin' ? '@loader_path' : '$ORIGIN'
  const args = [
    '-O2',
    '-std=gnu++17',
    '-fPIC',
    '-shared',
    '-DNAPI_VERSION=8',
    `-I${headers}`,
    `-I${join(work, 'deps', 'include')}`,
    `-I${source}`,
    join(source, 'tfjs_backend.cc'),
    join(source, 'tfjs_binding.cc'),
    `-L${join(work, 'deps', 'lib')}`,
    '-ltensorflow',
    '-ltensorflow_framework',
    `-Wl,-rpath,${origin}/../../deps/lib`,
    ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
    '-o',
    output,
  ]
  try {
    await run(compiler, args, { maxBuffer: 1 << 24 })
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new LoupeError(
      'unavailable',
      missing ? `the C++ compiler \`${compiler}\` is not installed` : `\`${compiler}\` could not compile the addon`,
      {
        remedy: missing
          ? 'install it (Debian: apt-get install g++), or name a compiler in CXX; `--backend wasm` needs no compiler but is slow'
          : firstError(cause),
        cause,
      },
    )
  }
}

function firstError(cause: unknown): string {
  const output = (cause as { stderr?: string }).stderr ?? ''
  return (
    output.split('\n').find((line) => line.includes('error')) ?? 'run `loupe doctor` and read the line of the compiler'
  )
}

/** Loads the linked build in a separate process and multiplies two matrices. Returns the device that computed. */
export async function probeTensorflow(): Promise<{ gpu: boolean }> {
  const script = join(dirname(new URL(import.meta.url).pathname), 'probe.cjs')
  try {
    const { stdout } = await run(process.execPath, [script], { maxBuffer: 1 << 24 })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { gpu: boolean }
  } catch (cause) {
    const reason = (cause as { stderr?: string }).stderr ?? String(cause)
    throw new LoupeError('unavailable', `TensorFlow is installed but does not load: ${lastLine(reason)}`, {
      remedy: 'remove the folder `tensorflow` in the cache (see `loupe doctor`) and run `loupe setup` again',
      cause,
    })
  }
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => /error|cannot|undefined symbol/i.test(line))
  return lines.at(0)?.trim() ?? text.trim().split('\n').at(-1) ?? 'no output'
}
