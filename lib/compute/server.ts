/** The compute process: holds models in memory, and encodes, compares and steers for the web process over loopback. */
import * as tf from '@tensorflow/tfjs-core'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { generateAll } from '../../trainer/model/generate/generate'
import { parseIntervention } from '../../trainer/steering/intervention'
import { tidyToHost } from '../../trainer/tensors/tidyToHost'
import type { Database } from '../db/connect'
import { requireModelById } from '../models/rows'
import { compareDictionaries } from './compare'
import { encodeText } from './encode'
import { FrameWriter, hasToken, readJson, sendJson, wireError } from './http'
import { CLIENT_HEADER, CompareRequest, EncodeRequest, type ComputeHealth } from './protocol'
import { FairQueue, type QueueLimits } from './queue'
import { Resources } from './resources'
import { steeringEvents } from './steering'

export interface ComputeOptions {
  database: Database
  /** Fingerprint of the tensor backend. */
  engine: string
  /** The token that every request must carry. */
  token: string
  /** 0 picks a free port. */
  port: number
  log: (line: string) => void
}

export interface ComputeServer {
  url: string
  health(): ComputeHealth
  /** Loads the newest dictionary and its model before the first request; does nothing without a dictionary. */
  preload(): Promise<void>
  /** Ends running requests with an error to their clients, then stops listening. */
  close(): Promise<void>
}

/** Generations take turns token by token: with two the wait is short, and each still gets its tokens fast. */
const GENERATIONS: QueueLimits = { active: 2, waiting: 64, perClient: 16 }
/** An encoding is short and runs in one piece, so one at a time; they do not wait for generations. */
const ENCODINGS: QueueLimits = { active: 1, waiting: 64, perClient: 16 }
/** A comparison takes seconds for wide dictionaries, with pauses in which other requests continue. */
const COMPARISONS: QueueLimits = { active: 1, waiting: 16, perClient: 4 }
/** Limit on the time to receive a request. */
const REQUEST_TIMEOUT_MS = 30_000
const WARM_UP_TOKENS = 32

export async function startCompute(options: ComputeOptions): Promise<ComputeServer> {
  const compute = new Compute(options)
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void compute.answer(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(portError(options.port, cause)))
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    health: () => compute.health(),
    preload: () => compute.preload(),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      compute.end()
      server.closeIdleConnections()
      await closed
    },
  }
}

function portError(port: number, cause: NodeJS.ErrnoException): LoupeError {
  const inUse = cause.code === 'EADDRINUSE'
  return new LoupeError('unavailable', `port ${port} ${inUse ? 'is in use' : `cannot be used: ${cause.message}`}`, {
    remedy: 'choose another --port, or 0 for a free one',
    cause,
  })
}

class Compute {
  private readonly resources: Resources
  private readonly generations = new FairQueue(GENERATIONS)
  private readonly encodings = new FairQueue(ENCODINGS)
  private readonly comparisons = new FairQueue(COMPARISONS)
  private readonly ending = new AbortController()

  constructor(private readonly options: ComputeOptions) {
    this.resources = new Resources(options.database)
  }

  health(): ComputeHealth {
    const { resources } = this
    const queues = [this.generations, this.encodings, this.comparisons]
    return {
      engine: this.options.engine,
      models: resources.modelNames(),
      active: queues.reduce((sum, { active }) => sum + active, 0),
      waiting: queues.reduce((sum, { waiting }) => sum + waiting, 0),
      uptime: process.uptime(),
    }
  }

  end(): void {
    this.ending.abort()
  }

  async preload(): Promise<void> {
    const { database } = this.resources
    const newest = { orderBy: { createdAt: 'desc' }, where: { modelId: { not: null } } } as const
    const row = await database.prisma.dictionary.findFirst(newest)
    if (!row?.modelId) return
    using model = await this.resources.model(await requireModelById(database, row.modelId))
    using dictionary = await this.resources.dictionary(row)
    tidyToHost(() => dictionary.value.encode(tf.zeros([1, dictionary.value.d_in])))
    const prompt = new Array<number>(WARM_UP_TOKENS).fill(0)
    await generateAll(model.value.loaded.model, undefined, {
      prompts: [prompt, prompt],
      sampling: { temperature: 0, topP: 1, maxTokens: 2, seed: 0 },
      signal: this.ending.signal,
    })
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    response.on('error', () => gone.abort())
    const signal = AbortSignal.any([gone.signal, this.ending.signal])
    const frames = new FrameWriter(response, signal)
    try {
      if (!hasToken(request, this.options.token)) return refuseToken(response)
      await this.route(request, response, frames, signal)
    } catch (thrown) {
      if (gone.signal.aborted || request.errored) return
      const { status, error } = wireError(this.ending.signal.aborted ? ended() : thrown, this.options.log)
      if (!frames.started) return sendJson(response, status, { error })
      frames.put({ type: 'error', error })
      frames.end()
    }
  }

  private async route(
    request: IncomingMessage,
    response: ServerResponse,
    frames: FrameWriter,
    signal: AbortSignal,
  ): Promise<void> {
    const route = `${request.method} ${request.url}`
    if (route === 'GET /health') return sendJson(response, 200, this.health())
    const client = request.headers[CLIENT_HEADER]?.toString().slice(0, 100) ?? ''
    if (route === 'POST /encode') return sendJson(response, 200, await this.encode(request, client, signal))
    if (route === 'POST /compare') return sendJson(response, 200, await this.compare(request, client, signal))
    if (route === 'POST /steer') return this.steer(request, client, frames, signal)
    throw new LoupeError('not-found', `there is no ${route}`, {
      remedy: 'GET /health, POST /encode, POST /compare, POST /steer',
    })
  }

  private async encode(request: IncomingMessage, client: string, signal: AbortSignal) {
    const parsed = EncodeRequest.safeParse(await readJson(request))
    if (!parsed.success) throw new LoupeError('bad-input', z.prettifyError(parsed.error))
    return this.encodings.run(client, { signal }, () => encodeText(this.resources, parsed.data, this.options.engine))
  }

  private async compare(request: IncomingMessage, client: string, signal: AbortSignal) {
    const parsed = CompareRequest.safeParse(await readJson(request))
    if (!parsed.success) throw new LoupeError('bad-input', z.prettifyError(parsed.error))
    const { engine } = this.options
    return this.comparisons.run(client, { signal }, () =>
      compareDictionaries(this.resources, parsed.data, { engine, signal }),
    )
  }

  private async steer(
    request: IncomingMessage,
    client: string,
    frames: FrameWriter,
    signal: AbortSignal,
  ): Promise<void> {
    const intervention = parseIntervention(await readJson(request), 'the intervention')
    const onMove = (ahead: number) => void frames.put({ type: 'queued', ahead })
    await this.generations.run(client, { signal, onMove }, async () => {
      for await (const event of steeringEvents(this.resources, intervention, signal)) await frames.write(event)
    })
    frames.end()
  }
}

function refuseToken(response: ServerResponse): void {
  const message = 'the token of the compute process is missing or wrong'
  sendJson(response, 401, { error: { code: 'forbidden', message, remedy: 'give it as: Authorization: Bearer TOKEN' } })
}

function ended(): LoupeError {
  return new LoupeError('unavailable', 'the compute process is ending', { remedy: 'try again in a moment' })
}
