import { expect, it } from 'vitest'
import type { SteeringProgress } from '../../steering/schema'
import { readFrames } from './steer'

const end: SteeringProgress = { type: 'end', answers: [], tokens: 0, seconds: 1 }
const queued: SteeringProgress = { type: 'queued', ahead: 1 }
const frame = (event: string, data: unknown) => `id: 1\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** Bytes in pieces of the given size, which cut through characters and lines. */
function body(text: string, size = 5): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
}

async function collect(events: AsyncIterable<SteeringProgress>): Promise<SteeringProgress[]> {
  const all: SteeringProgress[] = []
  for await (const event of events) all.push(event)
  return all
}

it('reads frames from pieces of any size, with pings in between, and stops at the end', async () => {
  const text = `: ping\n\n${frame('queued', queued)}: ping\n\n${frame('end', end)}${frame('queued', queued)}`
  for (const size of [1, 3, 7, 1000]) expect(await collect(readFrames(body(text, size)))).toEqual([queued, end])
})

it('does not break characters', async () => {
  const start: SteeringProgress = {
    type: 'start',
    branches: [],
    prompt: [{ id: 1, text: 'é🙂\n' }],
    engine: 'ü',
    device: 'cpu',
  }
  expect(await collect(readFrames(body(frame('start', start) + frame('end', end), 1)))).toEqual([start, end])
})

it('throws the problem of an error frame', async () => {
  const error = {
    type: 'error',
    error: { code: 'unavailable', message: 'the compute process ended', remedy: 'try again' },
  }
  await expect(collect(readFrames(body(frame('queued', queued) + frame('error', error))))).rejects.toMatchObject({
    name: 'ApiProblem',
    code: 'unavailable',
    message: 'the compute process ended',
    remedy: 'try again',
  })
})

it('throws when the stream ends early', async () => {
  await expect(collect(readFrames(body(frame('queued', queued))))).rejects.toThrow('ended early')
})

it('cancels the request when the reader leaves the loop', async () => {
  let cancelled = false
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode(frame('queued', queued))),
    cancel: () => void (cancelled = true),
  })
  for await (const event of readFrames(endless)) if (event.type === 'queued') break
  expect(cancelled).toBe(true)
})
