/** Models from the Hugging Face hub, at a pinned commit; every file is compared with the hash that the hub lists. */
import { listFiles, modelInfo, type ListFileEntry } from '@huggingface/hub'
import { join } from 'node:path'
import { LoupeError, unknownName } from '../../errors'
import type { Stage } from '../../progress'
import { cachedFolder } from './cachedFolder'
import { HubClient, type HubOptions } from './hubClient'
import { downloadHubFile } from './hubDownload'

export interface HubSource {
  /** `owner/name`. */
  repository: string
  /** Branch, tag or commit. */
  revision: string
  /** A GGUF file of the repository, where there are several. */
  file?: string
}

/** Files of a Hugging Face folder that Loupe reads, besides the weights. */
const COMPANIONS = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
]

/**
 * Fetches the files that Loupe needs from a hub repository into `<modelsDir>/hub/owner--name/<commit>`. An interrupted
 * download continues where it stopped. Progress is reported in bytes.
 * @returns the folder, or the GGUF file in it
 * @throws LoupeError for repositories that are missing or refuse access, for files that do not match their hash, and when
 * the hub cannot be reached
 */
export async function fetchFromHub(
  source: HubSource,
  modelsDir: string,
  stage: Stage,
  options: HubOptions = {},
): Promise<string> {
  const { repository, revision, file } = source
  const client = new HubClient(repository, stage.signal, options)
  const { sha: commit } = await client.request(() =>
    modelInfo({ name: repository, revision, additionalFields: ['sha'], ...client.access }),
  )
  const name = repository.replace('/', '--') + (file === undefined ? '' : `--${file}`)
  const folder = join(modelsDir, 'hub', name, commit)
  const { files } = await cachedFolder(folder, async (work) => {
    const chosen = chooseFiles(source, await client.request(() => listRoot(repository, commit, client)))
    const total = chosen.reduce((sum, { size }) => sum + size, 0)
    const fetched = []
    let before = 0
    for (const entry of chosen) {
      const report = (bytes: number) => stage.report(before + bytes, total)
      const sha256 = await downloadHubFile(client, { repository, commit, entry }, join(work, entry.path), report)
      fetched.push({ path: entry.path, bytes: entry.size, sha256 })
      before += entry.size
    }
    return { source: `hub:${repository}@${commit}`, files: fetched }
  })
  const gguf = files.find(({ path }) => path.endsWith('.gguf'))
  return gguf ? join(folder, gguf.path) : folder
}

/** The files at the top of the repository; folders below contain other formats. */
async function listRoot(repository: string, commit: string, client: HubClient): Promise<ListFileEntry[]> {
  const entries = []
  for await (const entry of listFiles({
    repo: { type: 'model', name: repository },
    revision: commit,
    ...client.access,
  })) {
    if (entry.type === 'file' && !/[/\\]/.test(entry.path)) entries.push(entry)
  }
  return entries
}

function chooseFiles({ repository, file }: HubSource, entries: readonly ListFileEntry[]): ListFileEntry[] {
  const ggufs = entries.filter(({ path }) => path.endsWith('.gguf'))
  if (file !== undefined) {
    const named = ggufs.filter(({ path }) => path === file)
    if (named.length === 0)
      throw unknownName(
        `GGUF file in "${repository}"`,
        file,
        ggufs.map(({ path }) => path),
      )
    return named
  }
  const whole = entries.filter(({ path }) => path === 'model.safetensors')
  const shards = entries.filter(({ path }) =>
    /^model-\d+-of-\d+\.safetensors$|^model\.safetensors\.index\.json$/.test(path),
  )
  const weights = whole.length > 0 ? whole : shards
  if (weights.length > 0) return [...entries.filter(({ path }) => COMPANIONS.includes(path)), ...weights]
  if (ggufs.length === 1) return ggufs
  throw new LoupeError('unsupported', `"${repository}" has ${ggufs.length} GGUF files and no model.safetensors`, {
    remedy:
      ggufs.length > 1
        ? `name one: ${ggufs.map(({ path }) => `hub:${repository}/${path}`).join(', ')}`
        : 'Loupe reads safetensors and GGUF: use a repository of the model in one of these formats',
  })
}
