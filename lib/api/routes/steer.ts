/** Steering over HTTP: one JSON answer, or server-sent events while it is computed. */
import { z } from 'zod'
import { grow, wholeAnswer, type GrowingAnswer } from '../../steering/answer'
import { InterventionInput, SteeringAnswer, SteeringFrame, type SteeringProgress } from '../../steering/schema'
import { errorBody } from '../errors'
import { exampleIntervention } from '../example'
import { defineRoute } from '../route'
import { eventStream, type ServerEvent } from '../stream'

/** Includes long answers on slow machines, and the time in the queue. */
const TIMEOUT_SECONDS = 600

type Frames = AsyncGenerator<SteeringProgress, void, undefined>

export const steerRoutes = [
  defineRoute({
    method: 'POST',
    path: '/steer',
    summary: 'Continue one prompt without edits and with edits inside the model',
    description:
      'All answers of an intervention are rows of one batch and use one seed, so that any difference is caused by the ' +
      'edits. The answer is one JSON object at the end, or events while it is computed: `queued` (while other requests ' +
      'run before it), `start`, one `token` for each token, `end`; `error` when it fails after the start. ' +
      'Cancelling the request stops the computation. Requests with the same `x-loupe-client` share one place in the queue.',
    tag: 'steering',
    query: z.strictObject({
      stream: z.stringbool().default(false).describe('true: server-sent events; false: one JSON object'),
    }),
    body: InterventionInput,
    response: SteeringAnswer,
    stream: { contentType: 'text/event-stream', event: SteeringFrame, when: 'with stream=true' },
    timeoutSeconds: TIMEOUT_SECONDS,
    example: (things) => ({ body: exampleIntervention(things) }),
    async handler({ query, body }, { compute, client, signal }) {
      const gone = new AbortController()
      const frames = compute().steer(body, { client, signal: AbortSignal.any([signal, gone.signal]) })
      if (!query.stream) return wholeOf(frames)
      // An error before the first frame becomes an error answer with its own status.
      const first = await frames.next()
      return eventStream(
        eventsOf(first, frames),
        (error) => serverEvent({ type: 'error', ...errorBody(error).body }),
        () => gone.abort(),
      )
    },
  }),
]

const serverEvent = (frame: SteeringFrame): ServerEvent => ({ event: frame.type, data: frame })

async function* eventsOf(first: IteratorResult<SteeringProgress, void>, rest: Frames): AsyncGenerator<ServerEvent> {
  try {
    if (!first.done) yield serverEvent(first.value)
    for await (const frame of rest) yield serverEvent(frame)
  } finally {
    await rest.return()
  }
}

async function wholeOf(frames: Frames): Promise<SteeringAnswer> {
  let answer: GrowingAnswer | null = null
  for await (const frame of frames) answer = grow(answer, frame)
  const whole = wholeAnswer(answer)
  if (!whole) throw new Error('a generation stopped without its end frame')
  return whole
}
