/** Archives of plain files in the ustar format (POSIX.1-1988). */
import { LoupeError } from '../../../trainer/errors'

const BLOCK = 512
const NAME_BYTES = 100
const PREFIX_BYTES = 155
/** Eleven octal digits. */
const MAX_BYTES = 8 ** 11 - 1

/** A plain file of mode 0644 and no owner. Throws `too-large` for a path or a file that ustar cannot hold. */
export function* tarEntry(path: string, bytes: Uint8Array, modified: Date): Generator<Uint8Array> {
  yield header(path, bytes.length, modified)
  yield bytes
  const rest = bytes.length % BLOCK
  if (rest > 0) yield Buffer.alloc(BLOCK - rest)
}

/** The end of an archive: two empty blocks. */
export const tarEnd = (): Uint8Array => Buffer.alloc(2 * BLOCK)

function header(path: string, size: number, modified: Date): Buffer {
  if (size > MAX_BYTES) throw new LoupeError('too-large', `${path} has ${size} bytes, a tar file holds ${MAX_BYTES}`)
  const { prefix, name } = splitPath(path)
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, '0'), at, digits, 'ascii')
  block.write(name, 0, 'utf8')
  octal(0o644, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(size, 124, 11)
  octal(Math.floor(modified.getTime() / 1000), 136, 11)
  block.write('        0', 148, 'ascii')
  block.write('ustar\x0000', 257, 'ascii')
  block.write(prefix, 345, 'utf8')
  const checksum = block.reduce((sum, byte) => sum + byte, 0)
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii')
  return block
}

/** A long path is divided at a slash. */
function splitPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { prefix: '', name: path }
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)]
    if (Buffer.byteLength(prefix) <= PREFIX_BYTES && Buffer.byteLength(name) <= NAME_BYTES) return { prefix, name }
  }
  throw new LoupeError('too-large', `the path ${path} is too long for a tar file`, {
    remedy: 'export into a folder instead (loupe export), or give the dictionary a shorter name',
  })
}
