/** Dictionaries from the Hugging Face hub, at a pinned commit: Loupe fetches the files of one and checks their hashes. */
import { listFiles, modelInfo, type ListFileEntry } from '@huggingface/hub'
import { basename, dirname, extname, join } from 'node:path'
import { LoupeError, unknownName } from '../errors'
import { cachedFolder } from '../model/load/cachedFolder'
import { HubClient, type HubOptions } from '../model/load/hubClient'
import { downloadHubFile } from '../model/load/hubDownload'
import type { Stage } from '../progress'
import { WEIGHTS_EXTENSIONS } from './containers/weights'
import { recognise } from './locate'

export interface HubDictionarySource {
  /** `owner/name`. */
  repository: string
  /** A folder in it, or a file of weights with or without its extension; empty for the top folder. */
  path: string
  /** Branch, tag or commit. */
  revision: string
}

export interface FetchOptions {
  /** Downloads go to `<cacheDir>/dictionaries`. */
  cacheDir: string
  /** Reported bytes of downloads. */
  stage: Stage
  /** Name of the format, where it is known. */
  format?: string
  hub?: HubOptions
}

/** `hub:owner/name`, optionally followed by `/path/in/it` and `@revision`. */
export function parseHubDictionary(source: string): HubDictionarySource {
  const part = '[A-Za-z0-9_][\\w.+=,-]*'
  const match = new RegExp(`^hub:(${part}/${part})((?:/${part})*)/?(?:@(${part}))?$`).exec(source)
  if (!match) {
    throw new LoupeError('bad-usage', `"${source}" names no dictionary on the hub`, {
      remedy: 'write hub:owner/name/path, optionally with @revision: the path of its folder or of its file of weights',
    })
  }
  const [, repository = '', path = '', revision = 'main'] = match
  return { repository, path: path.slice(1), revision }
}

/**
 * Fetches the files of a dictionary, and no others, into the cache. An interrupted download continues where it stopped.
 * @returns the path for `importDictionary`, and the source with its commit
 * @throws LoupeError saying what the repository contains where it has no dictionary
 */
export async function fetchDictionary(
  { repository, path, revision }: HubDictionarySource,
  { cacheDir, stage, format, hub = {} }: FetchOptions,
): Promise<{ path: string; source: string }> {
  const client = new HubClient(repository, stage.signal, hub)
  const { sha: commit } = await client.request(() =>
    modelInfo({ name: repository, revision, additionalFields: ['sha'], ...client.access }),
  )
  const { entries, wanted } = await findEntries(client, { repository, path, revision: commit })
  const where = `hub:${repository}${path && `/${path}`}`
  const { weights, ...others } = filesOf(entries, where, { format, wanted })
  const chosen = [weights, others.config, ...(others.optional ?? [])].filter((name) => name !== undefined)
  const source = `${where}@${commit}`
  const folderName = path.replaceAll('/', '--') || 'top'
  const folder = join(cacheDir, 'dictionaries', 'hub', repository.replace('/', '--'), commit, folderName)
  await cachedFolder(folder, async (work) => {
    const needed = entries.filter((entry) => entry.type === 'file' && chosen.includes(basename(entry.path)))
    const total = needed.reduce((sum, { size }) => sum + size, 0)
    const files = []
    let before = 0
    for (const entry of needed) {
      const name = basename(entry.path)
      const report = (bytes: number) => stage.report(before + bytes, total)
      const sha256 = await downloadHubFile(client, { repository, commit, entry }, join(work, name), report)
      files.push({ path: name, bytes: entry.size, sha256 })
      before += entry.size
    }
    return { source, files }
  })
  return { path: join(folder, weights), source }
}

/** The entries of the folder that a path means, and the name of the file where the path names a file. */
async function findEntries(
  client: HubClient,
  source: HubDictionarySource,
): Promise<{ entries: ListFileEntry[]; wanted?: string }> {
  const { path } = source
  if (path === '') return { entries: await list(client, source, '') }
  const folder = dirname(path) === '.' ? '' : dirname(path)
  const entries = await list(client, source, folder)
  if (entries.some((entry) => entry.type === 'directory' && entry.path === path)) {
    return { entries: await list(client, source, path) }
  }
  const names = ['', ...WEIGHTS_EXTENSIONS].map((extension) => path + extension)
  const file = entries.find((entry) => entry.type === 'file' && names.includes(entry.path))
  if (file) return { entries, wanted: basename(file.path) }
  const likely = entries.filter(
    (entry) => entry.type === 'directory' || WEIGHTS_EXTENSIONS.includes(extname(entry.path)),
  )
  const known = likely.map((entry) => basename(entry.path))
  throw unknownName(
    `folder or file of weights in "${source.repository}${folder && `/${folder}`}"`,
    basename(path),
    known,
  )
}

async function list(
  client: HubClient,
  { repository, revision }: HubDictionarySource,
  path: string,
): Promise<ListFileEntry[]> {
  return client.request(async () => {
    const entries: ListFileEntry[] = []
    const repo = { type: 'model', name: repository } as const
    for await (const entry of listFiles({ repo, revision, ...(path && { path }), ...client.access })) {
      if (dirname(entry.path) === (path || '.')) entries.push(entry)
    }
    return entries
  })
}

/** As `recognise`; where there are only folders, the error names them. */
function filesOf(entries: readonly ListFileEntry[], where: string, known: { format?: string; wanted?: string }) {
  const namesOfType = (type: string) =>
    entries.filter((entry) => entry.type === type).map((entry) => basename(entry.path))
  try {
    return recognise(namesOfType('file'), where, known).files
  } catch (error) {
    const folders = namesOfType('directory')
    if (folders.length === 0) throw error
    const some = folders.length > 12 ? [...folders.slice(0, 12), `… (${folders.length})`] : folders
    throw new LoupeError('not-found', `${where} has no dictionary, only ${folders.length} folders`, {
      remedy: `name a folder, such as ${where}/${folders[0]}: ${some.join(', ')}`,
      cause: error,
    })
  }
}
