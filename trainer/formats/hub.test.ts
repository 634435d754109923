/** Against a server on this machine that plays the hub's routes. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LoupeError } from '../errors'
import { silentStage } from '../progress'
import { GOLDEN_FORMATS } from './golden.testing'
import { fetchDictionary, parseHubDictionary } from './hub'
import { importDictionary } from './locate'

const COMMIT = 'c0ffee00'.repeat(5)
const KISSANE = 'gpt2-small_L5_Hcat_z_ds16_v9'

let server: Server
let hubUrl: string
let cacheDir: string
let repositories: Record<string, Record<string, Buffer>>
let downloads: string[]
/** A file whose listed hash is another than that of its bytes. */
let damaged: string | undefined

const golden = (path: string) => readFileSync(join(GOLDEN_FORMATS, path))

beforeAll(async () => {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'loupe-hub-dictionary-'))
  downloads = []
  damaged = undefined
  const layer = 'layer_20/width_16k/average_l0_71'
  repositories = {
    'tiny/release': {
      'README.md': Buffer.from('not fetched'),
      'blocks.3.hook_resid_pre/cfg.json': golden('saelens/jumprelu/cfg.json'),
      'blocks.3.hook_resid_pre/sae_weights.safetensors': golden('saelens/jumprelu/sae_weights.safetensors'),
      'blocks.3.hook_resid_pre/runner_cfg.json': Buffer.from('not fetched either'),
      'blocks.4.hook_resid_pre/cfg.json': Buffer.from('{}'),
    },
    'google/gemma-scope-2b-pt-res': {
      [`${layer}/params.npz`]: golden('gemma_scope/jumprelu/params.npz'),
      [`${layer}/events.log`]: Buffer.from('not fetched'),
    },
    'tiny/attention': {
      [`${KISSANE}.pt`]: golden(`attention_saes/pt/${KISSANE}.pt`),
      [`${KISSANE}_cfg.json`]: golden(`attention_saes/pt/${KISSANE}_cfg.json`),
      'other_v1.pt': Buffer.from('not fetched'),
      'other_v1_cfg.json': Buffer.from('{}'),
    },
  }
  return () => rm(cacheDir, { recursive: true, force: true })
})

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url!, hubUrl)
  const path = decodeURIComponent(pathname)
  const api = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)\/?(.*)$/.exec(path)
  const resolved = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path)
  const files = repositories[(api ?? resolved)?.[1] ?? '']
  const missing = () => response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":"not found"}')
  if (!files || !['main', COMMIT].includes((api?.[3] ?? resolved?.[2])!)) return void missing()
  if (api?.[2] === 'revision') {
    const info = { _id: '1', id: api[1], sha: COMMIT, lastModified: '2026-01-01', private: false }
    return void response.end(JSON.stringify(info))
  }
  if (api) {
    const entries = listed(files, api[4]!)
    return void (entries.length > 0 ? response.end(JSON.stringify(entries)) : missing())
  }
  const bytes = files[resolved![3]!]!
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  if (from === undefined) {
    downloads.push(resolved![3]!)
    return void response.writeHead(200, { ETag: '"e"' }).end(bytes)
  }
  const end = to ? Number(to) + 1 : bytes.length
  response.writeHead(206, { ETag: '"e"', 'Content-Range': `bytes ${from}-${end - 1}/${bytes.length}` })
  response.end(bytes.subarray(Number(from), end))
}

/** One level of a repository, as the hub's tree route lists it. */
function listed(files: Record<string, Buffer>, folder: string): object[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const inside = Object.entries(files).filter(([path]) => path.startsWith(prefix))
  const isFile = ([path]: [string, Buffer]) => !path.slice(prefix.length).includes('/')
  const folders = new Set(
    inside.filter((entry) => !isFile(entry)).map(([path]) => prefix + path.slice(prefix.length).split('/')[0]!),
  )
  const directories = [...folders].map((path) => ({ type: 'directory', path, size: 0, oid: '0'.repeat(40) }))
  return [...directories, ...inside.filter(isFile).map(([path, bytes]) => listedFile(path, bytes))]
}

function listedFile(path: string, bytes: Buffer): object {
  const served = path.endsWith(damaged ?? '\0') ? Buffer.from('other') : bytes
  const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(served).digest('hex')
  return { type: 'file', path, size: bytes.length, oid }
}

const fetchTiny = (source: string, format?: string) =>
  fetchDictionary(parseHubDictionary(source), {
    cacheDir,
    stage: silentStage(),
    hub: { hubUrl, retryDelay: 1 },
    ...(format !== undefined && { format }),
  })

async function refusal(source: string, format?: string): Promise<LoupeError> {
  const error: unknown = await fetchTiny(source, format).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LoupeError)
  return error as LoupeError
}

describe('a dictionary from the hub', () => {
  it('of SAELens comes with the files that are read, once', async () => {
    const found = await fetchTiny('hub:tiny/release/blocks.3.hook_resid_pre')
    expect(found.source).toBe(`hub:tiny/release/blocks.3.hook_resid_pre@${COMMIT}`)
    expect(readdirSync(dirname(found.path)).sort()).toEqual([
      'cfg.json',
      'loupe-source.json',
      'sae_weights.safetensors',
    ])
    expect(await readFile(found.path)).toEqual(golden('saelens/jumprelu/sae_weights.safetensors'))
    expect(await importDictionary(found.path)).toMatchObject({ format: 'saelens', config: { d_sae: 64 } })
    await fetchTiny(`hub:tiny/release/blocks.3.hook_resid_pre@${COMMIT}`)
    expect(downloads).toHaveLength(2)
  })

  it('of Gemma Scope knows its place from its path', async () => {
    const { path } = await fetchTiny('hub:google/gemma-scope-2b-pt-res/layer_20/width_16k/average_l0_71')
    expect(downloads).toEqual(['layer_20/width_16k/average_l0_71/params.npz'])
    const { format, metadata } = await importDictionary(path)
    expect(format).toBe('gemma-scope')
    expect(metadata).toMatchObject({ model_name: 'gemma-2-2b', hook_name: 'blocks.20.hook_resid_post' })
  })

  it.each([KISSANE, `${KISSANE}.pt`])('of Kissane is one of the many of its folder: %s', async (name) => {
    const { path } = await fetchTiny(`hub:tiny/attention/${name}@main`)
    expect(downloads.sort()).toEqual([`${KISSANE}.pt`, `${KISSANE}_cfg.json`])
    expect(await importDictionary(path)).toMatchObject({
      format: 'attention-saes',
      metadata: { hook_name: 'blocks.5.attn.hook_z' },
    })
  })

  it('reports bytes', async () => {
    const reports: [number, number][] = []
    const stage = { ...silentStage(), report: (...report: [number, number]) => void reports.push(report) }
    const source = parseHubDictionary('hub:tiny/release/blocks.3.hook_resid_pre')
    await fetchDictionary(source, { cacheDir, stage, hub: { hubUrl } })
    const total = golden('saelens/jumprelu/cfg.json').length + golden('saelens/jumprelu/sae_weights.safetensors').length
    expect(reports.at(-1)).toEqual([total, total])
  })

  it('that arrives damaged is refused, and nothing is kept', async () => {
    damaged = 'params.npz'
    const source = 'hub:google/gemma-scope-2b-pt-res/layer_20/width_16k/average_l0_71'
    expect((await refusal(source)).message).toContain('arrived damaged')
    damaged = undefined
    await fetchTiny(source)
    expect(downloads).toHaveLength(2)
  })

  it('is named where a path leads to none', async () => {
    expect(await refusal('hub:tiny/release')).toMatchObject({
      code: 'not-found',
      message: 'hub:tiny/release has no dictionary, only 2 folders',
      remedy: expect.stringContaining('blocks.3.hook_resid_pre, blocks.4.hook_resid_pre') as string,
    })
    expect((await refusal('hub:tiny/release/blocks.3.hook_resid_pr')).remedy).toContain('did you mean "blocks.3')
    expect((await refusal('hub:tiny/release/blocks.4.hook_resid_pre')).message).toContain('contains cfg.json')
    expect((await refusal('hub:tiny/attention')).message).toMatch(
      /has no dictionary of a known format; it contains gpt2/,
    )
    expect((await refusal(`hub:tiny/attention/${KISSANE}`, 'saelens')).message).toContain('no saelens dictionary')
    expect(await refusal('hub:tiny/nothing/here')).toMatchObject({ code: 'not-found' })
    expect(await refusal('hub:tiny/release/no/such/place')).toMatchObject({ code: 'not-found' })
    expect(await refusal('hub:tiny/release/blocks.3.hook_resid_pre@v9')).toMatchObject({ code: 'not-found' })
    expect(downloads).toEqual([])
  })
})

it('is owner, name, perhaps a path and a revision', () => {
  expect(parseHubDictionary('hub:a/b')).toEqual({ repository: 'a/b', path: '', revision: 'main' })
  expect(parseHubDictionary('hub:a/b/c.d/e@v1')).toEqual({ repository: 'a/b', path: 'c.d/e', revision: 'v1' })
  expect(parseHubDictionary('hub:a/b/z_lr1.2e-03+x').path).toBe('z_lr1.2e-03+x')
  for (const wrong of ['hub:a', 'hub:a/b/../c', 'hub:a/b/.git', 'hub:a/b@', 'hub:a/b/c?x', 'hub:a//b']) {
    expect(() => parseHubDictionary(wrong), wrong).toThrow(LoupeError)
  }
})
