/** Steering as it happens: the events of `POST /api/v1/steer?stream=true`, in browsers and in Node. */
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { z } from 'zod'
import type { Intervention } from '../../../trainer/steering/intervention'
import type { SteerEvent } from '../../steering/answer'
import { ApiProblem, problemOf } from './client'

export interface SteerStreamOptions {
  /** e.g. `http://127.0.0.1:3000`; empty in pages. */
  baseUrl?: string
  /** A name of the caller's choice: requests under one name share one place in the queue. */
  client?: string
  /** Aborting it stops the computation. */
  signal?: AbortSignal
}

/**
 * Yields `queued` (any number of times), `start`, `token`s and `end`. Ending the generator early stops the computation.
 * Throws `ApiProblem` for what the API refuses, for a failure in mid-stream, and for a stream that breaks off.
 */
export async function* steerStream(
  intervention: z.input<typeof Intervention>,
  { baseUrl = '', client, signal }: SteerStreamOptions = {},
): AsyncGenerator<SteerEvent, void, undefined> {
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
  yield* readEvents(response.body, signal)
}

/** The events in a body. The server is the same program: what it says is taken at its word. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<SteerEvent, void, undefined> {
  const arrived: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => arrived.push(event) })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        if (signal?.aborted) throw cause
        throw brokenOff()
      })
      if (done) throw brokenOff()
      parser.feed(decoder.decode(value, { stream: true }))
      for (const { event: kind, data } of arrived.splice(0)) {
        if (kind === 'error') throw problemOf(200, JSON.parse(data))
        const event = JSON.parse(data) as SteerEvent
        yield event
        if (event.type === 'end') return
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function brokenOff(): ApiProblem {
  return new ApiProblem(0, 'unavailable', 'the answer broke off in the middle', 'try again')
}
