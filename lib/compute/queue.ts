/** Runs a few requests at a time; the others wait in a queue in which every client has an equal share. */
import { LoupeError } from '../../trainer/errors'

export interface QueueLimits {
  /** Number of requests that run at the same time. */
  active: number
  /** Number of requests in the queue. */
  waiting: number
  /** Number of requests of one client in the queue. */
  perClient: number
}

export interface QueueOptions {
  /** Aborted when the client disconnects: the request leaves the queue. */
  signal: AbortSignal
  /** Called at the start of the wait and on every change, with the number of requests that must end before this one. */
  onMove?: (ahead: number) => void
}

interface Waiting {
  client: string
  /** The round in which it runs: each client has one request in a round. */
  round: number
  ahead: number
  begin: () => void
  onMove: ((ahead: number) => void) | undefined
}

export class FairQueue {
  /** In the order in which they run. */
  private readonly queue: Waiting[] = []
  /** Client → the round of its newest request, until that round has passed. */
  private readonly rounds = new Map<string, number>()
  private round = 0
  private working = 0

  constructor(private readonly limits: QueueLimits) {}

  get active(): number {
    return this.working
  }

  get waiting(): number {
    return this.queue.length
  }

  /** Runs the work in its turn. Throws `unavailable` when the queue is full, `cancelled` on abort. */
  async run<T>(client: string, options: QueueOptions, work: () => Promise<T>): Promise<T> {
    await this.enter(client, options)
    try {
      return await work()
    } finally {
      this.working -= 1
      this.serve()
    }
  }

  private async enter(client: string, { signal, onMove }: QueueOptions): Promise<void> {
    if (signal.aborted) throw disconnected()
    if (this.working < this.limits.active) return this.begin(this.nextRound(client))
    this.requireRoom(client)
    await new Promise<void>((resolve, reject) => {
      const entry: Waiting = { client, round: this.nextRound(client), ahead: 0, onMove, begin: () => undefined }
      const leave = () => {
        this.queue.splice(this.queue.indexOf(entry), 1)
        this.reportMoves()
        reject(disconnected())
      }
      entry.begin = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      signal.addEventListener('abort', leave, { once: true })
      this.queue.push(entry)
      this.queue.sort((a, b) => a.round - b.round)
      this.reportMoves()
    })
  }

  private nextRound(client: string): number {
    const round = Math.max(this.round, (this.rounds.get(client) ?? -1) + 1)
    this.rounds.set(client, round)
    return round
  }

  private begin(round: number): void {
    this.working += 1
    this.round = Math.max(this.round, round)
    for (const [client, newest] of this.rounds) if (newest < this.round) this.rounds.delete(client)
  }

  private serve(): void {
    const next = this.queue.shift()
    if (!next) return
    this.begin(next.round)
    next.begin()
    this.reportMoves()
  }

  private reportMoves(): void {
    for (const [at, entry] of this.queue.entries()) {
      const ahead = at + 1
      if (entry.ahead === ahead) continue
      entry.ahead = ahead
      entry.onMove?.(ahead)
    }
  }

  private requireRoom(client: string): void {
    const ofClient = this.queue.filter((entry) => entry.client === client).length
    if (ofClient < this.limits.perClient && this.queue.length < this.limits.waiting) return
    const waiting =
      ofClient < this.limits.perClient ? `${this.queue.length} requests wait` : `${ofClient} of your requests wait`
    throw new LoupeError('unavailable', `busy: ${waiting} already, which is the limit`, {
      remedy: 'try again in a moment',
    })
  }
}

function disconnected(): LoupeError {
  return new LoupeError('cancelled', 'the client has disconnected')
}
