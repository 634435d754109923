/** Against a server on this machine that plays the hub's routes, faults included. */
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LoupeError } from '../../errors'
import { silentStage, type Stage } from '../../progress'
import { loadBackend } from '../../tensors/backend'
import { relativeError, take, tinyGolden } from '../tiny.testing'
import { loadModel } from './loadModel'
import { parseHubSource, resolveSource } from './source'

const COMMIT = 'c0ffee00'.repeat(5)
const golden = tinyGolden('llama')

/** How the server behaves; each test makes it fail in another way. */
interface Hub {
  repositories: Record<string, { files: Record<string, Buffer>; private?: boolean }>
  requests: { path: string; range?: string; authorization?: string }[]
  /** Called for every download of file bytes; true when it has answered by itself. */
  misbehave: (file: string, response: ServerResponse, attempt: number) => boolean
  ignoreRanges: boolean
  /** sha256 listed for every large file, instead of the true one. */
  listedHash?: string
}

let hub: Hub
let server: Server
/** The server of large files, which is not the hub, as in reality. */
let storage: Server
let hubUrl: string
let storageUrl: string
let cacheDir: string

beforeAll(async () => {
  await loadBackend('tensorflow')
  const listen = async (): Promise<[Server, string]> => {
    const started = createServer((request, response) => answer(request, response))
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
    return [started, `http://127.0.0.1:${(started.address() as AddressInfo).port}`]
  }
  ;[server, hubUrl] = await listen()
  ;[storage, storageUrl] = await listen()
})

afterAll(async () => {
  for (const each of [server, storage]) await new Promise((resolve) => each.close(resolve))
})

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'loupe-hub-'))
  const read = (name: string) => readFile(join(golden.folder, name))
  const files = {
    'config.json': await read('config.json'),
    'model.safetensors': await read('model.safetensors'),
    'README.md': Buffer.from('not fetched'),
    'pytorch_model.bin': Buffer.from('not fetched either'),
  }
  hub = {
    repositories: { 'tiny/llama': { files }, 'tiny/secret': { files, private: true } },
    requests: [],
    misbehave: () => false,
    ignoreRanges: false,
  }
  return () => rm(cacheDir, { recursive: true, force: true })
})

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url!, hubUrl)
  const { range, authorization } = request.headers
  hub.requests.push({ path: pathname, ...(range && { range }), ...(authorization && { authorization }) })
  const api = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(pathname)
  const resolved = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname)
  const stored = /^\/cdn\/([^/]+\/[^/]+)\/(.+)$/.exec(pathname)
  const repository = hub.repositories[(api ?? resolved ?? stored)?.[1] ?? '']
  const fail = (status: number, error: string) =>
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error }))
  if (!repository) return void fail(404, 'Repository not found')
  if (repository.private && !stored && authorization !== 'Bearer hf_right') return void fail(401, 'Invalid credentials')
  if (api?.[2] === 'revision') {
    if (!['main', COMMIT].includes(api[3]!)) return void fail(404, 'Invalid rev id')
    return void response.end(
      JSON.stringify({ _id: '1', id: api[1], sha: COMMIT, lastModified: '2026-01-01', private: false }),
    )
  }
  if (api) return void response.end(JSON.stringify(Object.entries(repository.files).map(listed)))
  // Large files are redirected to another place, as the hub does.
  if (resolved && isLarge(resolved[3]!))
    return void response.writeHead(302, { Location: `${storageUrl}/cdn/${resolved[1]}/${resolved[3]}` }).end()
  sendFile((resolved ?? stored)!.at(-1)!, repository.files, range, response)
}

const isLarge = (path: string) => /\.(safetensors|gguf)$/.test(path)

function listed([path, bytes]: [string, Buffer]): object {
  const git = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  const sha256 = hub.listedHash ?? createHash('sha256').update(bytes).digest('hex')
  const lfs = { oid: sha256, size: bytes.length, pointerSize: 134 }
  return {
    type: 'file',
    path,
    size: bytes.length,
    oid: isLarge(path) ? 'f'.repeat(40) : git,
    ...(isLarge(path) && { lfs }),
  }
}

const attempts = new Map<string, number>()

function sendFile(
  path: string,
  files: Record<string, Buffer>,
  range: string | undefined,
  response: ServerResponse,
): void {
  const bytes = files[path]!
  const probe = range === 'bytes=0-0'
  const attempt = (attempts.get(`${cacheDir} ${path}`) ?? 0) + (probe ? 0 : 1)
  attempts.set(`${cacheDir} ${path}`, attempt)
  if (!probe && hub.misbehave(path, response, attempt)) return
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  if (from === undefined || (hub.ignoreRanges && !probe))
    return void response.writeHead(200, { ETag: '"e"' }).end(bytes)
  const end = to ? Number(to) + 1 : bytes.length
  response.writeHead(206, { ETag: '"e"', 'Content-Range': `bytes ${from}-${end - 1}/${bytes.length}` })
  response.end(bytes.subarray(Number(from), end))
}

const fetchModel = (source: string, stage: Stage = silentStage(), token?: string) =>
  resolveSource(source, { cacheDir, stage, hub: { hubUrl, retryDelay: 1, ...(token && { token }) } })

async function refusal(source: string, ...rest: [Stage?, string?]): Promise<LoupeError> {
  const error: unknown = await fetchModel(source, ...rest).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LoupeError)
  return error as LoupeError
}

/** Sends a part of the file and cuts the connection. */
function cut(bytes: Buffer, response: ServerResponse, from: number, to: number): true {
  response.writeHead(from > 0 ? 206 : 200, { 'Content-Length': bytes.length - from, ETag: '"e"' })
  // A moment later, for what was sent to arrive.
  response.write(bytes.subarray(from, to), () => setTimeout(() => response.destroy(), 50))
  return true
}

const downloads = (name: string) =>
  hub.requests.filter(({ path, range }) => path.startsWith('/cdn/') && path.endsWith(name) && range !== 'bytes=0-0')

describe('a model from the hub', () => {
  it('arrives over the redirect, with progress in bytes, without unused files, and runs', async () => {
    const reports: [number, number][] = []
    const path = await fetchModel('hub:tiny/llama', { ...silentStage(), report: (...report) => reports.push(report) })
    expect(path).toBe(join(cacheDir, 'models', 'hub', 'tiny--llama', COMMIT))
    expect(readdirSync(path).sort()).toEqual(['config.json', 'loupe-source.json', 'model.safetensors'])
    const { files } = hub.repositories['tiny/llama']!
    const total = files['config.json']!.length + files['model.safetensors']!.length
    expect(reports.at(-1)).toEqual([total, total])
    const manifest = JSON.parse(await readFile(join(path, 'loupe-source.json'), 'utf8')) as {
      source: string
      files: object[]
    }
    expect(manifest.source).toBe(`hub:tiny/llama@${COMMIT}`)
    const sha256 = createHash('sha256').update(files['model.safetensors']!).digest('hex')
    expect(manifest.files[1]).toEqual({ path: 'model.safetensors', bytes: files['model.safetensors']!.length, sha256 })
    const { model, weightsHash } = await loadModel(path)
    expect(weightsHash).toBe(sha256)
    expect(relativeError(take(model.run(golden.tokens).logits), golden.io.read('logits'))).toBeLessThan(1e-4)
    model.dispose()
  })

  it('is not fetched twice, unless its files have changed', async () => {
    const path = await fetchModel('hub:tiny/llama')
    await fetchModel(`hub:tiny/llama@${COMMIT}`)
    expect(downloads('model.safetensors')).toHaveLength(1)
    await writeFile(join(path, 'model.safetensors'), 'shorter')
    await fetchModel('hub:tiny/llama')
    expect(downloads('model.safetensors')).toHaveLength(2)
  })

  it('continues where a connection was cut, again and again', async () => {
    const bytes = hub.repositories['tiny/llama']!.files['model.safetensors']!
    const cuts = [1000, 1000, 30_000]
    hub.misbehave = (file, response, attempt) => {
      if (file !== 'model.safetensors' || attempt > cuts.length) return false
      return cut(bytes, response, attempt === 1 ? 0 : cuts[attempt - 2]!, cuts[attempt - 1]!)
    }
    const path = await fetchModel('hub:tiny/llama')
    expect(await readFile(join(path, 'model.safetensors'))).toEqual(bytes)
    expect(downloads('model.safetensors').map(({ range }) => range)).toEqual([
      undefined,
      'bytes=1000-',
      'bytes=1000-',
      'bytes=30000-',
    ])
  })

  it('starts a file over when the server has no ranges', async () => {
    const bytes = hub.repositories['tiny/llama']!.files['model.safetensors']!
    hub.ignoreRanges = true
    hub.misbehave = (file, response, attempt) =>
      file === 'model.safetensors' && attempt === 1 && cut(bytes, response, 0, 5000)
    const path = await fetchModel('hub:tiny/llama')
    expect(await readFile(join(path, 'model.safetensors'))).toEqual(bytes)
  })

  it('is taken up by a later run where an earlier one ended', async () => {
    const bytes = hub.repositories['tiny/llama']!.files['model.safetensors']!
    hub.misbehave = (file, response, attempt) => {
      if (file !== 'model.safetensors') return false
      return attempt === 1 ? cut(bytes, response, 0, 20_000) : (response.destroy(), true)
    }
    const error = await refusal('hub:tiny/llama')
    expect(error).toMatchObject({
      code: 'unavailable',
      remedy: expect.stringContaining('continues where it stopped') as string,
    })
    expect(readdirSync(join(cacheDir, 'models', 'hub', 'tiny--llama')).every((name) => name.startsWith('.'))).toBe(true)
    hub.misbehave = () => false
    hub.requests.length = 0
    const path = await fetchModel('hub:tiny/llama')
    expect(await readFile(join(path, 'model.safetensors'))).toEqual(bytes)
    expect(downloads('model.safetensors').map(({ range }) => range)).toEqual(['bytes=20000-'])
    expect(readdirSync(join(path, '..'))).toEqual([COMMIT])
  })

  it('is tried again after a server error, and given up after five', async () => {
    hub.misbehave = (_file, response, attempt) => attempt <= 3 && !!response.writeHead(503).end()
    await fetchModel('hub:tiny/llama')
    await rm(cacheDir, { recursive: true })
    attempts.clear()
    hub.misbehave = (_file, response) => !!response.writeHead(503).end()
    expect(await refusal('hub:tiny/llama')).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('5 times') as string,
    })
    expect((await refusal('hub:tiny/llama', undefined)).exitCode).toBe(1)
  })

  it('is refused when what arrives is not what was listed, and fetched whole the next time', async () => {
    hub.listedHash = 'a'.repeat(64)
    expect(await refusal('hub:tiny/llama')).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('damaged') as string,
    })
    hub.listedHash = undefined
    await fetchModel('hub:tiny/llama')
    expect(downloads('model.safetensors').map(({ range }) => range)).toEqual([undefined, undefined])
  })

  it('needs a token where it is private, which no other place gets to see', async () => {
    expect(await refusal('hub:tiny/secret')).toMatchObject({
      code: 'unavailable',
      remedy: expect.stringContaining('HF_TOKEN') as string,
    })
    expect(await refusal('hub:tiny/secret', undefined, 'wrong')).toMatchObject({ code: 'bad-usage' })
    expect(await refusal('hub:tiny/secret', undefined, 'hf_wrong')).toMatchObject({ code: 'unavailable' })
    hub.requests.length = 0
    await fetchModel('hub:tiny/secret', undefined, 'hf_right')
    const stored = hub.requests.filter(({ path }) => path.startsWith('/cdn/'))
    expect(stored.length).toBeGreaterThan(0)
    expect(stored.some(({ authorization }) => authorization)).toBe(false)
  })

  it('is refused by name when it or its revision does not exist', async () => {
    expect(await refusal('hub:tiny/lama')).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('tiny/lama') as string,
    })
    expect(await refusal('hub:tiny/llama@v9')).toMatchObject({ code: 'not-found' })
    hub.repositories['tiny/old'] = { files: { 'pytorch_model.bin': randomBytes(10), 'config.json': Buffer.from('{}') } }
    expect(await refusal('hub:tiny/old')).toMatchObject({ code: 'unsupported' })
  })

  it('can be one GGUF file among several', async () => {
    hub.repositories['tiny/gguf'] = { files: { 'a-Q8_0.gguf': randomBytes(100), 'a-F16.gguf': randomBytes(50) } }
    expect((await refusal('hub:tiny/gguf')).remedy).toContain('hub:tiny/gguf/a-Q8_0.gguf')
    expect((await refusal('hub:tiny/gguf/a-Q8.gguf')).remedy).toContain('a-Q8_0.gguf')
    const path = await fetchModel('hub:tiny/gguf/a-F16.gguf')
    expect(await readFile(path)).toEqual(hub.repositories['tiny/gguf'].files['a-F16.gguf'])
  })

  it('stops at once when interrupted', async () => {
    const controller = new AbortController()
    hub.misbehave = (_file, response) => {
      response.writeHead(200, { 'Content-Length': 1000 }).write('x')
      setTimeout(() => controller.abort(), 20)
      return true
    }
    const started = performance.now()
    expect(await refusal('hub:tiny/llama', silentStage(controller.signal))).toMatchObject({
      code: 'cancelled',
      exitCode: 130,
    })
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('continues in the work folder of a killed process, not in that of a living one', async () => {
    const folder = join(cacheDir, 'models', 'hub', 'tiny--llama')
    const bytes = hub.repositories['tiny/llama']!.files['model.safetensors']!
    await mkdir(join(folder, `.${COMMIT}.partial-${process.pid}-living`), { recursive: true })
    await mkdir(join(folder, `.${COMMIT}.partial-4194305-killed`))
    await writeFile(join(folder, `.${COMMIT}.partial-4194305-killed`, 'model.safetensors.part'), bytes.subarray(0, 70))
    await fetchModel('hub:tiny/llama')
    expect(downloads('model.safetensors').map(({ range }) => range)).toEqual(['bytes=70-'])
    expect(readdirSync(folder).sort()).toEqual([`.${COMMIT}.partial-${process.pid}-living`, COMMIT])
  })
})

describe('the name of a model on the hub', () => {
  it('is owner and name, perhaps a file and a revision', () => {
    expect(parseHubSource('hub:a/b')).toEqual({ repository: 'a/b', revision: 'main' })
    expect(parseHubSource('hub:a-1/b.c_d@v1.0')).toEqual({ repository: 'a-1/b.c_d', revision: 'v1.0' })
    expect(parseHubSource('hub:a/b/c.gguf@x')).toEqual({ repository: 'a/b', revision: 'x', file: 'c.gguf' })
    for (const wrong of ['hub:', 'hub:a', 'hub:a/../b', 'hub:../b', 'hub:a/b/c.txt', 'hub:a/b@', 'hub:a/b?x']) {
      expect(() => parseHubSource(wrong), wrong).toThrow(LoupeError)
    }
  })
})
