/** Answers that are sent in pieces. */

/** A handler returns it instead of an object. */
export class StreamAnswer {
  constructor(
    readonly contentType: string,
    readonly stream: ReadableStream<Uint8Array>,
    /** Browsers save the answer under this name. */
    readonly filename?: string,
  ) {}
}

/** Interval of pings, which keep the connection open for proxies and clients. */
const PING_MS = 15_000

/** One server-sent event: `event` is its kind, `data` becomes JSON. Ids count from 1. */
export interface ServerEvent {
  event: string
  data: unknown
}

/**
 * Server-sent events with ids and pings. When the client disconnects, the generator ends at its next event.
 * @param onError turns an error after the start into the last event
 * @param onGone called when the client disconnects, for work that must not wait for its next event
 */
export function eventStream(
  events: AsyncGenerator<ServerEvent>,
  onError: (error: unknown) => ServerEvent,
  onGone?: () => void,
): StreamAnswer {
  const encoder = new TextEncoder()
  let id = 0
  const frame = ({ event, data }: ServerEvent) =>
    encoder.encode(`id: ${++id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  let ping: ReturnType<typeof setInterval> | undefined
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      ping = setInterval(() => controller.enqueue(encoder.encode(': ping\n\n')), PING_MS)
    },
    async pull(controller) {
      try {
        const next = await events.next()
        if (!next.done) return controller.enqueue(frame(next.value))
      } catch (error) {
        controller.enqueue(frame(onError(error)))
      }
      clearInterval(ping)
      controller.close()
    },
    async cancel() {
      clearInterval(ping)
      onGone?.()
      await events.return(undefined)
    },
  })
  return new StreamAnswer('text/event-stream', stream)
}
