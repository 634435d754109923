/** Reads the members of a zip archive one at a time; `torch.save` and `numpy.savez` write such archives. */
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import { LoupeError } from '../../errors'

/** Weights hardly compress: an archive that claims to unpack to more than this many times its size is a trap. */
const MAX_EXPANSION = 20
/** Small archives (of zeros, for example) can expand more than that, up to this many bytes. */
const SMALL_BYTES = 64 * 2 ** 20
const MAX_MEMBERS = 100_000

export interface ZipArchive {
  /** Name of the file, for messages. */
  readonly source: string
  /** Unpacked size of every member by its name. */
  readonly members: ReadonlyMap<string, number>
  /** A copy of a member, its checksum compared; a LoupeError for a missing or damaged member. */
  read(name: string): Promise<Uint8Array>
  /** At most the first `limit` bytes of a member. */
  readStart(name: string, limit: number): Promise<Uint8Array>
  close(): void
}

/**
 * Opens an archive and checks the list of its members.
 * @throws LoupeError for files that are not an archive or are cut short, names that lead out of it, members with the same
 *   name, and archives that would unpack to far more than their size
 */
export async function openZip(path: string): Promise<ZipArchive> {
  const source = basename(path)
  // Names with "..", drive letters, leading slashes or backslashes are refused by yauzl.
  const options = { lazyEntries: true, autoClose: false, strictFileNames: true }
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(path, options).catch((cause: Error) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new LoupeError('not-found', `there is no file ${path}`, { remedy: 'check the path', cause })
    }
    throw damagedZip(source, `not a zip archive, or cut short (${cause.message})`, cause)
  })
  try {
    const entries = await listEntries(zip, source)
    refuseBomb(entries, zip.fileSize, source)
    const entryOf = (name: string) => {
      const entry = entries.get(name)
      if (entry) return entry
      throw damagedZip(source, `it has no member ${name}`)
    }
    return {
      source,
      members: new Map([...entries].map(([name, { uncompressedSize }]) => [name, uncompressedSize])),
      read: async (name) => {
        const entry = entryOf(name)
        const bytes = await readEntry(zip, entry, entry.uncompressedSize, source)
        if (crc32(bytes) === entry.crc32) return bytes
        throw damagedZip(source, `the member ${name} is damaged: its checksum differs`)
      },
      readStart: async (name, limit) => {
        const entry = entryOf(name)
        return readEntry(zip, entry, Math.min(limit, entry.uncompressedSize), source)
      },
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

/** The error for a damaged archive. */
export function damagedZip(source: string, complaint: string, cause?: unknown): LoupeError {
  return new LoupeError('bad-input', `${source}: ${complaint}`, {
    remedy: 'the file is damaged, or it is not a file of weights: fetch or write it again',
    cause,
  })
}

async function listEntries(zip: yauzl.ZipFile, source: string): Promise<Map<string, yauzl.Entry>> {
  if (zip.entryCount > MAX_MEMBERS) throw damagedZip(source, `${zip.entryCount} members, the limit is ${MAX_MEMBERS}`)
  const entries = new Map<string, yauzl.Entry>()
  const next = () =>
    new Promise<yauzl.Entry | undefined>((resolve, reject) => {
      zip.once('entry', resolve).once('end', () => resolve(undefined))
      zip.once('error', reject)
      zip.readEntry()
    })
  try {
    for (let entry = await next(); entry; entry = await next()) {
      zip.removeAllListeners()
      if (entries.has(entry.fileName)) throw damagedZip(source, `it has two members named ${entry.fileName}`)
      entries.set(entry.fileName, entry)
    }
  } catch (cause) {
    if (cause instanceof LoupeError) throw cause
    throw damagedZip(source, (cause as Error).message, cause)
  }
  return entries
}

function refuseBomb(entries: ReadonlyMap<string, yauzl.Entry>, fileBytes: number, source: string): void {
  const total = [...entries.values()].reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (total <= Math.max(SMALL_BYTES, MAX_EXPANSION * fileBytes)) return
  throw new LoupeError('too-large', `${source}: ${fileBytes} bytes that would unpack to ${total}`, {
    remedy: 'weights do not compress this well: this is not a file of weights',
  })
}

/** The first `length` bytes of a member. */
async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, length: number, source: string): Promise<Uint8Array> {
  try {
    const stream = await promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))(entry)
    const bytes = new Uint8Array(length)
    let at = 0
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes.set(chunk.subarray(0, length - at), at)
      at = Math.min(length, at + chunk.length)
      if (at === length && length < entry.uncompressedSize) break
    }
    if (at === length) return bytes
    throw new Error(`it ends after ${at} of ${length} bytes`)
  } catch (cause) {
    throw damagedZip(source, `the member ${entry.fileName} is damaged (${(cause as Error).message})`, cause)
  }
}
