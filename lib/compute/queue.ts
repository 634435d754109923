/** Who is next: few requests at work at a time, the others in a line that treats clients, not requests, alike. */
import { LoupeError } from '../../trainer/errors'

export interface QueueLimits {
  /** Requests at work at a time. */
  active: number
  /** Requests in the line. */
  waiting: number
  /** Requests of one client in the line. */
  perClient: number
}

export interface RunOptions {
  /** Aborted when the client has gone: the request leaves the line. */
  signal: AbortSignal
  /** Told while the request waits, first at once and then on every change: how many others must end before it begins. */
  onMove?: (ahead: number) => void
}

interface Waiting {
  client: string
  /** The round in which it is served: a client has one request in each. */
  round: number
  ahead: number
  begin: () => void
  onMove: ((ahead: number) => void) | undefined
}

export class FairQueue {
  /** In the order of service. */
  private readonly line: Waiting[] = []
  /** Client → the round of its newest request, as long as that lies ahead. */
  private readonly rounds = new Map<string, number>()
  private round = 0
  private working = 0

  constructor(private readonly limits: QueueLimits) {}

  get active(): number {
    return this.working
  }

  get waiting(): number {
    return this.line.length
  }

  /** Does the work when its turn comes. Throws `unavailable` when the line is full, `cancelled` on abort. */
  async run<T>(client: string, options: RunOptions, work: () => Promise<T>): Promise<T> {
    await this.enter(client, options)
    try {
      return await work()
    } finally {
      this.working -= 1
      this.serve()
    }
  }

  private async enter(client: string, { signal, onMove }: RunOptions): Promise<void> {
    if (signal.aborted) throw gone()
    if (this.working < this.limits.active) return this.begin(this.nextRound(client))
    this.requireRoom(client)
    await new Promise<void>((resolve, reject) => {
      const entry: Waiting = { client, round: this.nextRound(client), ahead: 0, onMove, begin: () => undefined }
      const leave = () => {
        this.line.splice(this.line.indexOf(entry), 1)
        this.tellMoves()
        reject(gone())
      }
      entry.begin = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      signal.addEventListener('abort', leave, { once: true })
      this.line.push(entry)
      this.line.sort((a, b) => a.round - b.round)
      this.tellMoves()
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
    const next = this.line.shift()
    if (!next) return
    this.begin(next.round)
    next.begin()
    this.tellMoves()
  }

  private tellMoves(): void {
    for (const [at, entry] of this.line.entries()) {
      const ahead = at + 1
      if (entry.ahead === ahead) continue
      entry.ahead = ahead
      entry.onMove?.(ahead)
    }
  }

  private requireRoom(client: string): void {
    const own = this.line.filter((entry) => entry.client === client).length
    if (own < this.limits.perClient && this.line.length < this.limits.waiting) return
    const found = own < this.limits.perClient ? `${this.line.length} requests wait` : `${own} of your requests wait`
    throw new LoupeError('unavailable', `busy: ${found} already, which is as many as may`, {
      remedy: 'try again in a moment',
    })
  }
}

function gone(): LoupeError {
  return new LoupeError('cancelled', 'the client has gone')
}
