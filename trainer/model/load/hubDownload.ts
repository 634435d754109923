/** Downloads one file from the model hub: continues where it stopped and compares the hash with the listed one. */
import { fileDownloadInfo, HubApiError, type ListFileEntry } from '@huggingface/hub'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { pipeline } from 'node:stream/promises'
import { LoupeError } from '../../errors'
import type { HubClient } from './hubClient'

/** A connection that brings no byte for this long is closed and opened again. */
const STALL_MILLISECONDS = 60_000

export interface HubFile {
  /** `owner/name`. */
  repository: string
  commit: string
  entry: ListFileEntry
}

/**
 * Downloads a file to `target`; `target.part` keeps the bytes that have arrived, also when the process is killed.
 * @param report called with the bytes that have arrived so far
 * @returns sha256 of the file
 */
export async function downloadHubFile(
  client: HubClient,
  file: HubFile,
  target: string,
  report: (bytes: number) => void,
): Promise<string> {
  const { size } = file.entry
  if ((await sizeOf(target)) !== size) {
    const part = `${target}.part`
    for (let failures = 0, have = await sizeOf(part); have !== size; have = await sizeOf(part)) {
      try {
        await fetchRest(client, file, part, have, report)
      } catch (error) {
        failures = (await sizeOf(part)) > have ? 0 : failures + 1
        await client.pause(Math.max(1, failures), error)
      }
    }
    if (size === 0) await writeFile(part, '')
    await rename(part, target)
  }
  report(size)
  return checkedHash(file, target)
}

/** Appends the bytes after the first `have`. A part that is too long, or a server without ranges, starts over. */
async function fetchRest(
  client: HubClient,
  { repository, commit, entry }: HubFile,
  part: string,
  have: number,
  report: (bytes: number) => void,
): Promise<void> {
  if (have > entry.size) return rm(part)
  const info = await fileDownloadInfo({
    repo: { type: 'model', name: repository },
    path: entry.path,
    revision: commit,
    ...client.access,
  })
  if (info?.size !== entry.size) {
    const state = info ? `${info.size} bytes` : 'missing'
    throw new LoupeError('bad-input', `${entry.path} of "${repository}" is ${state}, expected ${entry.size} bytes`, {
      remedy: 'the repository is damaged, or somebody is changing it: try again later',
    })
  }
  const stall = new AbortController()
  const timer = setTimeout(() => stall.abort(new Error('the connection stalled')), STALL_MILLISECONDS)
  try {
    const { accessToken, hubUrl } = client.access
    // A signed address elsewhere must not get the token; fetch itself drops it when a redirect leads elsewhere.
    const isHub = accessToken !== undefined && new URL(info.url).origin === new URL(hubUrl ?? info.url).origin
    const response = await fetch(info.url, {
      headers: {
        ...(isHub && { Authorization: `Bearer ${accessToken}` }),
        ...(have > 0 && { Range: `bytes=${have}-` }),
      },
      signal: AbortSignal.any([client.signal, stall.signal]),
    })
    if (!response.ok || !response.body) throw new HubApiError(response.url, response.status)
    const resumed = response.status === 206
    let arrived = resumed ? have : 0
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        timer.refresh()
        report((arrived += chunk.length))
        done(null, chunk)
      },
    })
    const body = Readable.fromWeb(response.body as ReadableStream)
    await pipeline(body, meter, createWriteStream(part, { flags: resumed ? 'a' : 'w' }))
  } finally {
    clearTimeout(timer)
  }
}

/** Large files are listed with their sha256, small ones with git's own hash of their contents. */
async function checkedHash({ repository, entry }: HubFile, path: string): Promise<string> {
  const sha256 = createHash('sha256')
  const git = createHash('sha1').update(`blob ${entry.size}\0`)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    sha256.update(chunk as Buffer)
    git.update(chunk as Buffer)
  }
  const computed = { sha256: sha256.digest('hex'), git: git.digest('hex') }
  const matches = entry.lfs ? computed.sha256 === entry.lfs.oid : computed.git === entry.oid
  if (matches) return computed.sha256
  await rm(path)
  throw new LoupeError(
    'bad-input',
    `${entry.path} of "${repository}" arrived damaged: its hash differs from the listed one`,
    {
      remedy: 'run the command again to fetch the file again',
    },
  )
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
