import { z } from 'zod'
import { parseIntervention, type Intervention } from '../../../trainer/steering/intervention'
import type { ComputeClient } from '../../compute/client'
import { grow, SteerEvent, wholeAnswer, SteeringAnswer, type GrowingAnswer } from '../../steering/answer'
import { errorBody } from '../errors'
import { InterventionBody } from '../../steering/schema'
import { defineRoute, type ApiContext } from '../route'
import { eventStream, type ServerEvent } from '../stream'

/** Long answers on slow machines, and the queue before them. */
const TIMEOUT_SECONDS = 600

type Frames = AsyncGenerator<SteerEvent, void, undefined>

export const steerRoutes = [
  defineRoute({
    method: 'POST',
    path: '/steer',
    summary: 'Generate from one prompt untouched and with edits inside the model',
    description:
      'All answers of an intervention are drawn with one seed, as rows of one batch: what differs is the edits’ doing. ' +
      'As JSON when everything is there, or as events while it comes: `queued` (while others are before it), `start`, ' +
      'a `token` each, `end`; `error` when it fails in the middle, with the body of an error answer. ' +
      'Cancelling the request stops the computation. Requests with the same `x-loupe-client` share one place in the queue.',
    tag: 'steering',
    query: z.strictObject({
      stream: z.stringbool().default(false).describe('true: server-sent events; false: one JSON object'),
    }),
    body: InterventionBody,
    response: SteeringAnswer,
    stream: { contentType: 'text/event-stream', event: SteerEvent, when: 'with stream=true' },
    timeoutSeconds: TIMEOUT_SECONDS,
    async handler({ query, body }, context) {
      const intervention = parseIntervention(body, 'the body')
      const gone = new AbortController()
      const frames = framesOf(intervention, context, AbortSignal.any([context.signal, gone.signal]))
      if (!query.stream) return wholeOf(frames)
      // What is wrong before anything has come becomes an error answer, with its status.
      const first = await frames.next()
      const events = eventsOf(first, frames)
      return eventStream(
        events,
        (error) => ({ event: 'error', data: errorBody(error).body }),
        () => gone.abort(),
      )
    },
  }),
]

async function* framesOf(intervention: Intervention, { compute, client }: ApiContext, signal: AbortSignal): Frames {
  const asked = compute()
  const early = engineOf(asked, signal).catch(() => undefined)
  for await (const frame of asked.steer(intervention, { client, signal })) {
    // A process that was being restarted at first answers by now.
    if (frame.type === 'start') yield { ...frame, engine: (await early) ?? (await engineOf(asked, signal)) }
    else yield frame
  }
}

async function engineOf(compute: ComputeClient, signal: AbortSignal): Promise<string> {
  return (await compute.health({ signal })).engine
}

async function* eventsOf(first: IteratorResult<SteerEvent, void>, rest: Frames): AsyncGenerator<ServerEvent> {
  try {
    if (!first.done) yield { event: first.value.type, data: first.value }
    for await (const frame of rest) yield { event: frame.type, data: frame }
  } finally {
    await rest.return()
  }
}

async function wholeOf(frames: Frames): Promise<SteeringAnswer> {
  let answer: GrowingAnswer | null = null
  for await (const frame of frames) answer = grow(answer, frame)
  const whole = wholeAnswer(answer)
  if (!whole) throw new Error('a generation ended without saying so')
  return whole
}
