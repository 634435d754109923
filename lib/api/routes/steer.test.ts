/** The steering route between its client and a simulated compute process. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, vi } from 'vitest'
import { LoupeError } from '../../../trainer/errors'
import { computeClient, type ComputeClient } from '../../compute/client'
import type { Database } from '../../db/connect'
import type { SteeringProgress } from '../../steering/schema'
import { readFrames } from '../client/steer'
import { dispatch } from '../dispatch'
import { steerRoutes } from './steer'

const start: SteeringProgress = {
  type: 'start',
  branches: [{ name: 'default', factor: null }],
  prompt: [],
  engine: 'the engine',
  device: 'cpu',
}
const token: SteeringProgress = {
  type: 'token',
  branch: 'default',
  index: 0,
  id: 5,
  token: 'a',
  text: 'a',
  logprob: -1,
  alternatives: [],
  finish: 'length',
}
const end: SteeringProgress = {
  type: 'end',
  tokens: 1,
  seconds: 0.5,
  answers: [{ branch: 'default', factor: null, text: 'a', ids: [5], finish: 'length' }],
}

type Steer = ComputeClient['steer']

interface AskOptions {
  stream?: boolean
  signal?: AbortSignal
}

const unexpected = () => Promise.reject(new Error('steering needs one request only'))

function ask(steer: Steer, options: AskOptions = {}): Promise<Response> {
  return askCompute({ steer, encode: unexpected, compare: unexpected, health: unexpected }, options)
}

function askCompute(compute: ComputeClient, { stream = false, signal }: AskOptions = {}) {
  const request = new Request(`http://127.0.0.1/api/v1/steer?stream=${stream}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: '127.0.0.1', 'x-loupe-client': 'me' },
    body: JSON.stringify({ model: 'm', prompt: 'p' }),
    ...(signal && { signal }),
  })
  return dispatch(request, steerRoutes, () => ({ database: {} as Database, compute: () => compute }))
}

const play = (...frames: SteeringProgress[]): Steer =>
  // eslint-disable-next-line @typescript-eslint/require-await
  vi.fn(async function* () {
    yield* frames
  })

async function collect(response: Response): Promise<SteeringProgress[]> {
  const events: SteeringProgress[] = []
  for await (const event of readFrames(response.body!)) events.push(event)
  return events
}

it('answers with one object; the computation receives every default of the intervention', async () => {
  const steer = play({ type: 'queued', ahead: 1 }, start, token, end)
  const response = await ask(steer)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    engine: 'the engine',
    seconds: 0.5,
    tokens: 1,
    answers: [{ text: 'a', ids: [5], finish: 'length', tokens: [{ id: 5, token: 'a', logprob: -1 }] }],
  })
  expect(steer).toHaveBeenCalledWith(
    expect.objectContaining({ model: 'm', edits: [], details: { alternatives: 0, kl: false } }),
    expect.objectContaining({ client: 'me' }),
  )
})

it('sends the same as events, which the client reads', async () => {
  const response = await ask(play({ type: 'queued', ahead: 1 }, start, token, end), { stream: true })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(await collect(response)).toEqual([{ type: 'queued', ahead: 1 }, start, token, end])
})

const refuse: Steer = () => {
  throw new LoupeError('not-found', 'there is no model "m"')
}

it.each([true, false])('answers with a status when it fails before the first frame (stream %s)', async (stream) => {
  const response = await ask(refuse, { stream })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ error: { code: 'not-found' } })
})

// eslint-disable-next-line @typescript-eslint/require-await
const dies: Steer = async function* () {
  yield start
  yield token
  throw new LoupeError('unavailable', 'the compute process ended in the middle of the answer', { remedy: 'try again' })
}

it('ends the stream with the reason when the computation fails in the middle', async () => {
  const response = await ask(dies, { stream: true })
  const seen: SteeringProgress[] = []
  const reading = async () => {
    for await (const event of readFrames(response.body!)) seen.push(event)
  }
  await expect(reading()).rejects.toMatchObject({ code: 'unavailable', remedy: 'try again' })
  expect(seen).toEqual([start, token])
  expect((await ask(dies)).status).toBe(503)
})

/** Never sends a second frame by itself. */
function hangs() {
  const [begun, stopped] = [new AbortController(), new AbortController()]
  const steer: Steer = async function* (_intervention, { signal } = {}) {
    signal!.addEventListener('abort', () => stopped.abort(), { once: true })
    begun.abort()
    yield start
    await aborted(stopped.signal)
    throw new LoupeError('cancelled', 'the request was cancelled')
  }
  return { steer, begun: aborted(begun.signal), stopped: aborted(stopped.signal) }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

it('stops the computation when the reader of the stream leaves, without waiting for its next token', async () => {
  const { steer, stopped } = hangs()
  const response = await ask(steer, { stream: true })
  for await (const event of readFrames(response.body!)) if (event.type === 'start') break
  await stopped
})

it.each([true, false])('stops the computation when the request is cancelled (stream %s)', async (stream) => {
  const { steer, begun, stopped } = hangs()
  const gone = new AbortController()
  const answer = ask(steer, { stream, signal: gone.signal })
  await begun
  if (stream) await answer
  gone.abort()
  await stopped
  expect((await answer).status).toBe(stream ? 200 : 499)
})

it.each([true, false])('sends exactly one request to the compute process (stream %s)', async (stream) => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.end([start, token, end].map((frame) => `${JSON.stringify(frame)}\n`).join(''))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const response = await askCompute(computeClient({ url: `http://127.0.0.1:${port}`, token: 'secret' }), { stream })
  if (stream) expect(await collect(response)).toEqual([start, token, end])
  else expect(await response.json()).toMatchObject({ engine: 'the engine', device: 'cpu' })
  expect(requests).toEqual(['POST /steer'])
  server.close()
})

it('refuses an unknown key before it asks the compute process, and names the nearest one', async () => {
  const request = new Request('http://127.0.0.1/api/v1/steer', {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: '127.0.0.1' },
    body: JSON.stringify({ model: 'm', promt: 'p' }),
  })
  const response = await dispatch(request, steerRoutes, () => ({
    database: {} as Database,
    compute: () => {
      throw new Error('not needed')
    },
  }))
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringMatching(/did you mean "prompt"/) as string },
  })
})
