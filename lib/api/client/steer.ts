/** Streams an answer of steering, `POST /api/v1/steer?stream=true`, in browsers and in Node. */
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { z } from 'zod'
import type { Intervention } from '../../../trainer/steering/intervention'
import type { SteeringFrame, SteeringProgress } from '../../steering/schema'
import { ApiProblem, problemOf } from './client'

export interface SteerStreamOptions {
  /** e.g. `http://127.0.0.1:3000`; empty in pages. */
  baseUrl?: string
  /** Any name; requests under one name share one place in the queue. */
  client?: string
  /** Aborting it stops the computation. */
  signal?: AbortSignal
}

/**
 * Yields `queued` (any number of times), `start`, `token`s and `end`. Ending the generator early stops the computation.
 * Throws `ApiProblem` when the API refuses the request, when the computation fails, and when the stream ends early.
 */
export async function* steerStream(
  intervention: z.input<typeof Intervention>,
  { baseUrl = '', client, signal }: SteerStreamOptions = {},
): AsyncGenerator<SteeringProgress, void, undefined> {
  const response = await fetch(`${baseUrl}/api/v1/steer?stream=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(client && { 'x-loupe-client': client }) },
    body: JSON.stringify(intervention),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause
    throw new ApiProblem(0, 'unavailable', 'Loupe does not answer', 'is it running? Start it with: npx loupe start')
  })
  if (!response.ok || !response.body) {
    throw problemOf(response.status, await response.json().catch(() => undefined))
  }
  yield* readFrames(response.body, signal)
}

/** Reads the frames of a body. The server is the same program, so its frames are not checked again. */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<SteeringProgress, void, undefined> {
  const events: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => events.push(event) })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        if (signal?.aborted) throw cause
        throw endedEarly()
      })
      if (done) throw endedEarly()
      parser.feed(decoder.decode(value, { stream: true }))
      for (const { data } of events.splice(0)) {
        const frame = JSON.parse(data) as SteeringFrame
        if (frame.type === 'error') throw problemOf(200, frame)
        yield frame
        if (frame.type === 'end') return
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function endedEarly(): ApiProblem {
  return new ApiProblem(0, 'unavailable', 'the answer ended early', 'try again')
}
