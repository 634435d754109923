/** The HTTP of the compute server: checks the token, reads bodies, writes JSON and lines of JSON. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LoupeError, toLoupeError } from '../../trainer/errors'
import { databaseError } from '../db/databaseError'
import type { ErrorDetails } from '../base/errorBody'
import type { SteeringFrame } from '../steering/schema'

const MAX_BODY_BYTES = 1024 * 1024
/** A client that reads nothing for this long counts as disconnected. */
const DRAIN_PATIENCE_MS = 30_000

/** Compares in constant time. */
export function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))
}

/** @throws LoupeError `too-large` above 1 MB, `bad-input` for a body that is not JSON */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // The rest is read and dropped, so that the client can read the error.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  if (bytes > MAX_BODY_BYTES) {
    throw new LoupeError('too-large', `the request has ${bytes} bytes, the limit is ${MAX_BODY_BYTES}`)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch (cause) {
    throw new LoupeError('bad-input', `the request is not JSON: ${(cause as Error).message}`, { cause })
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}

/** The error for the client; the details of a defect go to the log only. */
export function wireError(error: unknown, log: (line: string) => void): { status: number; error: ErrorDetails } {
  const known = toLoupeError(error) ?? databaseError(error)
  if (known) {
    const { status, code, message, remedy = null } = known
    return { status, error: { code, message, remedy } }
  }
  log(`internal error: ${(error as Error)?.stack ?? String(error)}`)
  const message = 'something went wrong in the compute process; its log has the details'
  return { status: 500, error: { code: 'internal', message, remedy: null } }
}

/** Writes an answer as lines of JSON; the first line starts the answer. */
export class FrameWriter {
  constructor(
    private readonly response: ServerResponse,
    private readonly signal: AbortSignal,
  ) {}

  get started(): boolean {
    return this.response.headersSent
  }

  /** Waits while the client reads slowly. */
  async write(frame: SteeringFrame): Promise<void> {
    if (this.put(frame) || this.signal.aborted) return
    const patience = AbortSignal.timeout(DRAIN_PATIENCE_MS)
    await once(this.response, 'drain', { signal: AbortSignal.any([this.signal, patience]) }).catch(() => {
      throw new LoupeError('cancelled', 'the client does not read its answer')
    })
  }

  /** Does not wait. */
  put(frame: SteeringFrame): boolean {
    if (!this.started) {
      this.response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
    }
    return this.response.write(`${JSON.stringify(frame)}\n`)
  }

  end(): void {
    this.response.end()
  }
}
