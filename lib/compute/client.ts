/** The client of the compute process, for the web process. It computes nothing. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { ERROR_CODES, LoupeError, type ErrorCode } from '../../trainer/errors'
import type { Intervention } from '../../trainer/steering/intervention'
import { environmentVariable } from '../base/environment'
import type { ErrorBody, ErrorDetails } from '../base/errorBody'
import type { SteeringFrame, SteeringProgress } from '../steering/schema'
import { CLIENT_HEADER } from './protocol'
import type { CompareAnswer, CompareRequest, ComputeHealth, EncodeAnswer, EncodeRequest } from './protocol'

export interface ComputeAddress {
  /** `http://127.0.0.1:PORT` */
  url: string
  token: string
  /** How long to wait for a process that restarts. */
  patienceMs?: number
}

export interface AskOptions {
  /** Name of the client, for equal shares. */
  client?: string
  /** Aborting it stops the computation. */
  signal?: AbortSignal
}

/**
 * Rejects with the `LoupeError` that the server threw, with its code, message and remedy. The code is `unavailable` for
 * a server that is down for longer than a restart takes, or that stops in the middle of an answer.
 */
export interface ComputeClient {
  encode(request: z.input<typeof EncodeRequest>, options?: AskOptions): Promise<EncodeAnswer>
  /** Computes and stores the matches of two dictionaries, unless they are stored already. */
  compare(request: CompareRequest, options?: AskOptions): Promise<CompareAnswer>
  /** Sends one request. Ends with an `end` frame or throws; ending the generator stops the computation. */
  steer(
    intervention: z.input<typeof Intervention>,
    options?: AskOptions,
  ): AsyncGenerator<SteeringProgress, void, undefined>
  /** Does not wait for a server that is down. */
  health(options?: Pick<AskOptions, 'signal'>): Promise<ComputeHealth>
}

const PATIENCE_MS = 30_000
const RETRY_MS = 250

export function computeClient({ url, token, patienceMs = PATIENCE_MS }: ComputeAddress): ComputeClient {
  const open = async (request: Omit<ComputeRequest, 'url' | 'token'>, patience = patienceMs) =>
    requireOk(await send({ url, token, ...request }, patience))
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

/** A client of the process that `loupe start` runs, which sets LOUPE_COMPUTE_URL and LOUPE_COMPUTE_TOKEN. */
export function computeFromEnvironment(): ComputeClient {
  const [url, token] = [environmentVariable('LOUPE_COMPUTE_URL'), environmentVariable('LOUPE_COMPUTE_TOKEN')]
  if (url && token) return computeClient({ url, token })
  throw new LoupeError('unavailable', 'this process was started without a compute process', {
    remedy: 'start everything together with: npx loupe start',
  })
}

interface ComputeRequest extends AskOptions {
  url: string
  token: string
  path: string
  /** Absent for GET. */
  body?: object
}

/** Tries again until a server accepts the connection. */
async function send(request: ComputeRequest, patienceMs: number): Promise<IncomingMessage> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await sendOnce(request)
    } catch (error) {
      if (request.signal?.aborted) throw cancelled()
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw broken(error)
      if (performance.now() >= deadline) {
        throw new LoupeError('unavailable', 'the compute process is not running', {
          remedy: 'start it with: npx loupe start',
          cause: error,
        })
      }
    }
    await sleep(RETRY_MS, undefined, { signal: request.signal }).catch(() => undefined)
  }
}

function sendOnce({ url, token, path, body, client, signal }: ComputeRequest): Promise<IncomingMessage> {
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
      // No shared connection: a kept one may belong to a process that has died since.
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
  const { error } = (await readJson(response)) as ErrorBody
  throw fromWire(error)
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of readChunks(response)) text += chunk
  return JSON.parse(text) as unknown
}

/** The server is the same program behind a token, so its frames are not checked again. */
async function* readFrames(response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<SteeringProgress> {
  let rest = ''
  for await (const chunk of readChunks(response, signal)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const frame = JSON.parse(line) as SteeringFrame
      if (frame.type === 'error') throw fromWire(frame.error)
      yield frame
      if (frame.type === 'end') return
    }
  }
  throw broken()
}

async function* readChunks(response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<string> {
  response.setEncoding('utf8')
  try {
    for await (const chunk of response) yield chunk as string
  } catch (error) {
    throw signal?.aborted ? cancelled() : broken(error)
  }
}

function fromWire({ code, message, remedy }: ErrorDetails): Error {
  if (!Object.hasOwn(ERROR_CODES, code)) return new Error(message)
  return new LoupeError(code as ErrorCode, message, remedy === null ? {} : { remedy })
}

function broken(cause?: unknown): LoupeError {
  return new LoupeError('unavailable', 'the compute process ended in the middle of the answer', {
    remedy: 'try again: it restarts within seconds',
    cause,
  })
}

function cancelled(): LoupeError {
  return new LoupeError('cancelled', 'the request was cancelled')
}
