/** Reads the body of a request, up to a size limit. */
import { LoupeError } from '../../trainer/errors'

/** Large enough for the longest text and 64 pasted vectors. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024

const tooLarge = () =>
  new LoupeError('too-large', `the body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB`, {
    remedy: 'send less at a time',
  })

/** The parsed JSON body; `undefined` for an empty one. */
export async function readJson(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  const bytes = await readBytes(request)
  if (bytes.length === 0) return undefined
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\b/i.test(type)) {
    throw new LoupeError('bad-input', `the body is of type "${type || 'unknown'}"`, {
      remedy: 'send JSON with the header Content-Type: application/json',
    })
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
  } catch (cause) {
    throw new LoupeError('bad-input', `the body is not JSON: ${(cause as Error).message}`, { cause })
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (!request.body) return new Uint8Array()
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
