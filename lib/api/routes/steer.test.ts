/** The steering route between its client and a compute process that is played here. */
import { expect, it, vi } from 'vitest'
import { LoupeError } from '../../../trainer/errors'
import type { ComputeClient } from '../../compute/client'
import type { SteeringFrame } from '../../compute/protocol'
import type { Database } from '../../db/connect'
import type { SteerEvent } from '../../steering/answer'
import { readEvents } from '../client/steer'
import { dispatch } from '../dispatch'
import { steerRoutes } from './steer'

const start: SteeringFrame = { type: 'start', branches: [{ name: 'default', factor: null }], prompt: [] }
const token: SteeringFrame = {
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
const end: SteeringFrame = {
  type: 'end',
  tokens: 1,
  seconds: 0.5,
  answers: [{ branch: 'default', factor: null, text: 'a', ids: [5], finish: 'length' }],
}

type Steer = ComputeClient['steer']

function ask(steer: Steer, { stream = false, signal }: { stream?: boolean; signal?: AbortSignal } = {}) {
  const request = new Request(`http://127.0.0.1/api/v1/steer?stream=${stream}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: '127.0.0.1', 'x-loupe-client': 'me' },
    body: JSON.stringify({ model: 'm', prompt: 'p' }),
    ...(signal && { signal }),
  })
  const compute: ComputeClient = {
    steer,
    encode: () => Promise.reject(new Error('not asked for')),
    compare: () => Promise.reject(new Error('not asked for')),
    health: () => Promise.resolve({ engine: 'the engine', models: [], active: 0, waiting: 0, uptime: 1 }),
  }
  return dispatch(request, steerRoutes, () => ({ database: {} as Database, compute: () => compute }))
}

const play = (...frames: SteeringFrame[]): Steer =>
  // eslint-disable-next-line @typescript-eslint/require-await
  vi.fn(async function* () {
    yield* frames
  })

async function collect(response: Response): Promise<SteerEvent[]> {
  const events: SteerEvent[] = []
  for await (const event of readEvents(response.body!)) events.push(event)
  return events
}

it('gives one object, with every default of the intervention filled in for the computation', async () => {
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

it('gives the same as events, which the client reads', async () => {
  const response = await ask(play({ type: 'queued', ahead: 1 }, start, token, end), { stream: true })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(await collect(response)).toEqual([
    { type: 'queued', ahead: 1 },
    { ...start, engine: 'the engine' },
    token,
    end,
  ])
})

const refuse: Steer = () => {
  throw new LoupeError('not-found', 'there is no model "m"')
}

it.each([true, false])('answers with a status what is wrong before anything has come (stream %s)', async (stream) => {
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

it('ends the stream with the reason when the computation dies in the middle', async () => {
  const response = await ask(dies, { stream: true })
  const seen: SteerEvent[] = []
  const reading = async () => {
    for await (const event of readEvents(response.body!)) seen.push(event)
  }
  await expect(reading()).rejects.toMatchObject({ code: 'unavailable', remedy: 'try again' })
  expect(seen).toEqual([{ ...start, engine: 'the engine' }, token])
  expect((await ask(dies)).status).toBe(503)
})

/** Never comes to its second frame by itself. */
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

it('stops the computation when the reader of the stream goes, without waiting for its next token', async () => {
  const { steer, stopped } = hangs()
  const response = await ask(steer, { stream: true })
  for await (const event of readEvents(response.body!)) if (event.type === 'start') break
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
