/** How the web process asks the compute process. Nothing here computes. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { ERROR_CODES, LoupeError, type ErrorCode } from '../../trainer/errors'
import type { Intervention } from '../../trainer/steering/intervention'
import {
  CLIENT_HEADER,
  type CompareAnswer,
  type CompareRequest,
  type ComputeHealth,
  type EncodeAnswer,
  type EncodeRequest,
  type SteeringFrame,
  type WireError,
  type WireFrame,
} from './protocol'

export interface ComputeAddress {
  /** `http://127.0.0.1:PORT` */
  url: string
  token: string
  /** How long to wait for a process that is being restarted. */
  patienceMs?: number
}

export interface AskOptions {
  /** Who asks, for fair shares. */
  client?: string
  /** Aborting it stops the computation. */
  signal?: AbortSignal
}

/**
 * Failures of the server come back as what it threw: `LoupeError` with code, message and remedy. A server that is away
 * for longer than its restart takes, or that ends in the middle of an answer, is `unavailable`.
 */
export interface ComputeClient {
  encode(request: EncodeRequest, options?: AskOptions): Promise<EncodeAnswer>
  /** Sees to it that the matches of two dictionaries are stored. */
  compare(request: CompareRequest, options?: AskOptions): Promise<CompareAnswer>
  /** Ends with an `end` frame or throws. Ending the generator stops the computation. */
  steer(
    intervention: z.input<typeof Intervention>,
    options?: AskOptions,
  ): AsyncGenerator<SteeringFrame, void, undefined>
  /** Does not wait for a server that is away. */
  health(options?: Pick<AskOptions, 'signal'>): Promise<ComputeHealth>
}

const PATIENCE_MS = 30_000
const RETRY_MS = 250

export function computeClient({ url, token, patienceMs = PATIENCE_MS }: ComputeAddress): ComputeClient {
  const open = async (asked: Omit<Asked, 'url' | 'token'>, patience = patienceMs) =>
    requireOk(await send({ url, token, ...asked }, patience))
  return {
    async encode(request, options) {
      return (await readJson(await open({ path: '/encode', body: request, ...options }))) as EncodeAnswer
    },
    async compare(request, options) {
      return (await readJson(await open({ path: '/compare', body: request, ...options }))) as CompareAnswer
    },
    async *steer(intervention, options) {
      const response = await open({ path: '/steer', body: intervention, ...options })
      try {
        yield* readFrames(response, options?.signal)
      } finally {
        response.destroy()
      }
    },
    async health(options) {
      return (await readJson(await open({ path: '/health', ...options }, 0))) as ComputeHealth
    },
  }
}

/** The one that `loupe start` runs; it tells this process by LOUPE_COMPUTE_URL and LOUPE_COMPUTE_TOKEN. */
export function computeFromEnvironment(): ComputeClient {
  const { LOUPE_COMPUTE_URL: url, LOUPE_COMPUTE_TOKEN: token } = process.env
  if (url && token) return computeClient({ url, token })
  throw new LoupeError('unavailable', 'this process was started without a compute process', {
    remedy: 'start everything together with: npx loupe start',
  })
}

interface Asked extends AskOptions {
  url: string
  token: string
  path: string
  /** Absent for GET. */
  body?: object
}

/** Connects, again and again while nobody listens. */
async function send(asked: Asked, patienceMs: number): Promise<IncomingMessage> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await sendOnce(asked)
    } catch (error) {
      if (asked.signal?.aborted) throw cancelled()
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw broken(error)
      if (performance.now() >= deadline) {
        throw new LoupeError('unavailable', 'the compute process is not running', {
          remedy: 'start it with: npx loupe start',
          cause: error,
        })
      }
    }
    await sleep(RETRY_MS, undefined, { signal: asked.signal }).catch(() => undefined)
  }
}

function sendOnce({ url, token, path, body, client, signal }: Asked): Promise<IncomingMessage> {
  const content = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(path, url), {
      method: content === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(content !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(content),
        }),
        ...(client !== undefined && { [CLIENT_HEADER]: encodeURIComponent(client) }),
      },
      // A connection of its own: one that was kept could be that of a process which has died since.
      agent: false,
      signal,
    })
    request.once('response', resolve).once('error', reject).end(content)
  })
}

async function requireOk(response: IncomingMessage): Promise<IncomingMessage> {
  if (response.statusCode === 200) return response
  if (response.statusCode === 401) {
    response.destroy()
    throw new LoupeError('unavailable', 'the compute process does not know the token of this process', {
      remedy: 'start both together: npx loupe stop, then npx loupe start',
    })
  }
  const { error } = (await readJson(response)) as { error: WireError }
  throw fromWire(error)
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of chunksOf(response)) text += chunk
  return JSON.parse(text) as unknown
}

/** The server is this same program, behind a token: what it says is taken at its word. */
async function* readFrames(response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<SteeringFrame> {
  let rest = ''
  for await (const chunk of chunksOf(response, signal)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const frame = JSON.parse(line) as WireFrame
      if (frame.type === 'error') throw fromWire(frame.error)
      yield frame
      if (frame.type === 'end') return
    }
  }
  throw broken()
}

async function* chunksOf(response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<string> {
  response.setEncoding('utf8')
  try {
    for await (const chunk of response) yield chunk as string
  } catch (error) {
    throw signal?.aborted ? cancelled() : broken(error)
  }
}

function fromWire({ code, message, remedy }: WireError): Error {
  if (!Object.hasOwn(ERROR_CODES, code)) return new Error(message)
  return new LoupeError(code as ErrorCode, message, remedy === null ? {} : { remedy })
}

function broken(cause?: unknown): LoupeError {
  return new LoupeError('unavailable', 'the compute process ended in the middle of the answer', {
    remedy: 'try again: it is started anew within seconds',
    cause,
  })
}

function cancelled(): LoupeError {
  return new LoupeError('cancelled', 'the request was cancelled')
}
